"""Pure: which word of Primero is which of ours."""

from __future__ import annotations

SEXES = {"male": "m", "female": "f", "other": "other"}
SEX_NAMES = {ours: theirs for theirs, ours in SEXES.items()}

# Names of languages as lookups of Primero have them; codes of ISO 639-3 are read as they are.
LANGUAGES = {
    "amharic": "amh",
    "ar": "arb",
    "arabic": "arb",
    "bengali": "ben",
    "dari": "prs",
    "en": "eng",
    "english": "eng",
    "fa": "fas",
    "farsi": "fas",
    "fr": "fra",
    "french": "fra",
    "hindi": "hin",
    "kurmanji": "kmr",
    "pashto": "pus",
    "persian": "fas",
    "russian": "rus",
    "serbian": "srp",
    "somali": "som",
    "sorani": "ckb",
    "spanish": "spa",
    "swahili": "swh",
    "tamil": "tam",
    "tigrinya": "tir",
    "turkish": "tur",
    "urdu": "urd",
    "uzbek": "uzn",
}
SERVICE_NEEDS = {
    "security_e_g_safe_shelter": "own:safety",
    "safehouse_service": "own:safety",
    "education_formal": "own:school",
    "non_formal_education": "own:school",
    "education_service": "own:school",
    "family_tracing_and_reunification": "own:family_tracing",
    "family_reunification_service": "own:family_reunification",
    "basic_psychosocial_support": "own:psychosocial",
    "focuses_non_specialized_mhpss_care": "own:psychosocial",
    "specialized_mhpss_services": "own:psychosocial",
    "psychosocial_service": "own:psychosocial",
    "food": "own:food",
    "food_service": "own:food",
    "nutrition": "own:food",
    "non_food_items": "own:clothing",
    "nfi_clothes_shoes_service": "own:clothing",
    "medical": "own:medical",
    "health_medical_service": "own:medical",
    "sexual_and_reproductive_health": "own:medical",
    "legal_support": "own:legal_help",
    "legal_assistance_service": "own:legal_help",
    "documentation": "own:documents",
    "registration_service": "own:documents",
    "services_for_children_with_disabilities": "own:disability_support",
    "shelter": "own:sleep",
    "alternative_care": "own:sleep",
    "wash": "own:hygiene",
    "water_sanitation_service": "own:hygiene",
}
OTHER_SERVICE = "other_please_specify"
NEED_SERVICES = {need: kind for kind, need in reversed(SERVICE_NEEDS.items())} | {
    "own:family_reunification": "family_tracing_and_reunification",
    "own:water": "wash",
    "own:medical_urgent": "medical",
    "own:medicine": "medical",
    "own:footwear": "non_food_items",
    "own:warmth": "non_food_items",
}
# What is said of consent there, as the kind and the purpose of a line of the ledger.
CONSENTS = {
    "consent_for_services": ("service", "service"),
    "disclosure_other_orgs": ("data", "service"),
    "consent_for_tracing": ("data", "family_tracing"),
    "unhcr_export_opt_in": ("data", "protection"),
}
STATUSES = {"inprogress": "in_progress"}  # the documentation spells it so, the code does not
KNOWN_STATUSES = ("in_progress", "accepted", "rejected", "done", "revoked")
IMPLEMENTED = "implemented"
