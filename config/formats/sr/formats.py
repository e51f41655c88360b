"""Dates and times as they are written in this language (../shared/domain/sentences.md 3)."""

DATE_FORMAT = "j. n. Y."
SHORT_DATE_FORMAT = "j. n. Y."
TIME_FORMAT = "H.i"
DATETIME_FORMAT = "j. n. Y. H.i"
SHORT_DATETIME_FORMAT = "j. n. Y. H.i"
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d.%m.%Y.", "%d. %m. %Y.", "%d.%m.%Y"]
DATETIME_INPUT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d.%m.%Y. %H.%M"]
FIRST_DAY_OF_WEEK = 1
