"""Serbian Latin into Cyrillic: the traps that known libraries fall into."""

from collections.abc import Callable

import pytest
from babel import Locale
from hypothesis import assume, given
from hypothesis import strategies as st

from spona.names.cyrillic import letters_to_cyrillic, to_cyrillic, to_latin, without_marks

ALPHABET = "a b c č ć d dž đ e f g h i j k l lj m n nj o p r s š t u v z ž"
WORDS = st.lists(st.sampled_from(ALPHABET.split()), min_size=2).map("".join)
CASES: st.SearchStrategy[Callable[[str], str]] = st.sampled_from(
    [str.lower, str.capitalize, str.upper]
)


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Dete je podnelo zahtev za azil.", "Дете је поднело захтев за азил."),
        ("Ljiljana, LJILJANA, ljubav", "Љиљана, ЉИЉАНА, љубав"),
        ("Njegova, NJEGOVA, konj", "Његова, ЊЕГОВА, коњ"),
        ("Džep, DŽEP, odžak, budžet", "Џеп, ЏЕП, оџак, буџет"),
        ("Đorđe, ĐORĐE, Šićarević", "Ђорђе, ЂОРЂЕ, Шићаревић"),
        ("„Čuvaj žuljeve“", "„Чувај жуљеве“"),
        ("I dete ima pravo.", "И дете има право."),
    ],
)
def test_digraphs_follow_their_case(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("injekcija INJEKCIJA Injicirati", "инјекција ИНЈЕКЦИЈА Инјицирати"),
        ("konjunktiv konjugacija konjunktura", "конјунктив конјугација конјунктура"),
        ("vanjezički Tanjug anjon Benjamin", "ванјезички Танјуг анјон Бенјамин"),
        ("nadživeti nadžnjeti nadžupan", "надживети наджњети наджупан"),
        ("odžaliti podžanr podžupan predživot", "оджалити поджанр поджупан предживот"),
        ("kanjon boginjica kneginjica", "кањон богињица кнегињица"),
    ],
)
def test_letters_that_only_look_like_digraphs_stay_apart(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


def test_a_stroke_in_the_source_keeps_letters_apart_and_is_never_shown() -> None:
    assert to_cyrillic("kon|juriti, OD|ŽDRELO, al|ja") == "конјурити, ОДЖДРЕЛО, алја"
    assert without_marks("kon|juriti, OD|ŽDRELO") == "konjuriti, ODŽDRELO"
    assert to_cyrillic("in|jekcija") == to_cyrillic("injekcija")


def test_a_stroke_between_other_letters_is_text() -> None:
    assert without_marks("Da|Ne") == "Da|Ne"
    assert to_cyrillic("Da|Ne | Možda") == "Да|Не | Можда"


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("%(name)s ima %(count)d dana", "%(name)s има %(count)d дана"),
        ("%(injekcija)s", "%(injekcija)s"),
        ("%s od %s, 50%% dece, 5 % dece", "%s од %s, 50%% деце, 5 % деце"),
        ("{name}, {0}, {at:%d. %m. %Y.}", "{name}, {0}, {at:%d. %m. %Y.}"),
        ("%d. %m. %Y. u %H.%M", "%d. %m. %Y. у %H.%M"),
        ('<a href="/x" title="Naziv">Naziv</a>', '<a href="/x" title="Naziv">Назив</a>'),
        ("<strong>Rok</strong><br/>", "<strong>Рок</strong><br/>"),
        ("5 < 6, dakle manje > više", "5 < 6, дакле мање > више"),
        ("rok&nbsp;je&#160;danas", "рок&nbsp;је&#160;данас"),
        ("Pišite na pomoc@spona.rs odmah", "Пишите на pomoc@spona.rs одмах"),
        ("Adresa https://azil.rs/pomoc?a=b, danas", "Адреса https://azil.rs/pomoc?a=b, данас"),
        ("www.azil.rs i azil.org/deca", "www.azil.rs и azil.org/deca"),
        ("Predmet VR-2026-0147 i pravilo UASC-08a", "Предмет VR-2026-0147 и правило UASC-08a"),
        ("datoteka obaveze.csv ili nalaz.pdf", "датотека obaveze.csv или nalaz.pdf"),
        ("polje case_id je prazno", "поље case_id је празно"),
        ("još 2 h 40 min, do 5 MB", "још 2 h 40 min, до 5 MB"),
        ("minut, minuta, H. M.", "минут, минута, Х. М."),
        ("WhatsApp-om, New York, Facebook", "WhatsApp-ом, New York, Facebook"),
        ("Aegis, FreeOTP ili KoboToolbox", "Aegis, FreeOTP или KoboToolbox"),
    ],
)
def test_what_is_not_serbian_stays_as_it_is(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("UNHCR, UNICEF-a, IOM", "UNHCR, UNICEF-а, IOM"),
        ("QR, MFA, PIN, TOTP, SMS, PDF, CSV, HSDS", "QR, MFA, PIN, TOTP, SMS, PDF, CSV, HSDS"),
        ("CSR, MUP-a, KZM, OJT, NVO", "ЦСР, МУП-а, КЗМ, ОЈТ, НВО"),
        ("pin, PINOVI, idi", "пин, ПИНОВИ, иди"),
        ("II stepen, glava IV, VIII razred, XXI vek", "II степен, глава IV, VIII разред, XXI век"),
    ],
)
def test_acronyms_follow_the_practice_of_serbian_cyrillic(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


def test_decomposed_accents_are_letters_too() -> None:
    assert to_cyrillic("c\u030cas") == "час"


def test_names_of_lands_and_tongues_agree_with_the_unicode_consortium() -> None:
    serbian = Locale("sr")
    names = [*serbian.territories.values(), *serbian.languages.values()]
    assert len(names) > 700
    assert [name for name in names if to_cyrillic(to_latin(name)) != name] == []


def test_names_are_transliterated_whole_for_comparison() -> None:
    assert letters_to_cyrillic("PIN Injac, II") == "ПИН Ињац, ИИ"


def test_latin_comes_back_from_cyrillic() -> None:
    assert to_latin("Љиљана ЉИЉАНА, КОЊ. Њ") == "Ljiljana LJILJANA, KONJ. Nj"
    assert to_latin("Џавад, Ђорђе и UNHCR") == "Džavad, Đorđe i UNHCR"


@given(WORDS, CASES)
def test_every_serbian_word_survives_the_way_there_and_back(
    word: str, case: Callable[[str], str]
) -> None:
    written = case(word)
    assume(written not in {"LJ", "NJ", "DŽ"})  # one letter alone does not show its case
    assert to_latin(to_cyrillic(written)) == written


@given(st.text())
def test_no_text_of_other_letters_breaks_and_twice_is_once(text: str) -> None:
    once = to_cyrillic(text)
    assert to_cyrillic(once) == once
