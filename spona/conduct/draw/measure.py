"""How wide a text is, so that it can be wrapped and nothing overlaps without a browser."""

from __future__ import annotations

from functools import cache

# Advance widths of Noto Sans in thousandths of an em, regular and semibold, by width.
REGULAR = {
    258: "ijlј'’ \u00a0,.:;·!", 273: "JЈ", 300: "()-[]`", 339: "If", 361: "t“”/\\{}",
    413: 'r"„°?', 438: "г_", 470: "zžтsšcčć", 493: "зсэ", 510: "vГуyх–§", 524: "FLxк",
    534: "kь", 551: "SŠ*|е", 561: "ETЕТаaeв", 572: "YЗя$+0123456789<=>Z^~×Ž",
    589: "XлХч", 600: "обVP", 615: "oРпџЬдрцБнbdgpqУ", 621: "đhnuKђийћ", 640: "RъКCČĆАЯAС#Э",
    673: "BВЧ", 698: "ЪЛ", 731: "ЋЂGДDĐUЏ&П", 743: "фЦHН", 768: "ИЙжыNОм", 791: "OQw…",
    831: "юФ%", 899: "ЫљњшщЖ@", 935: "MМWm", 1035: "Ю—ЉЩЊШ",
}  # fmt: skip
SEMIBOLD = {
    283: "ijlј'’ \u00a0,.:;·!", 309: "JЈ", 330: "()-[]`", 371: "If", 406: "t“”/\\{}",
    461: 'r"„°?г_', 502: "zžтsšcčć–§", 513: "зсэ", 548: "FLvГуyх", 560: "SŠ*|ExЕ",
    587: "kькваaeTТЗ$+0123456789<=>Z^~×Žeе", 603: "Yя", 637: "oXлХчобVPРпџЬдрцБbdgpqУ",
    643: "đhnuђнћCČĆRС#", 671: "ийKКАЯAЭ", 702: "BВЧъ", 732: "ЪЛGDĐ", 758: "ЋЂДUЏ&ПHНЦ",
    787: "фИЙОOQ", 831: "жыNмw…ю", 899: "ФЫљ@%", 933: "њшщMМ", 962: "ЖWm", 1056: "Ю—ЉЩЊШ",
}  # fmt: skip
WIDEST = 1056
TABLES = tuple(
    {letter: width for width, letters in table.items() for letter in letters}
    for table in (REGULAR, SEMIBOLD)
)


@cache
def width(text: str, size: float, bold: bool = False) -> float:
    """The width of `text` in pixels; a letter that the table lacks counts as the widest."""
    table = TABLES[bold]
    return sum(table.get(letter, WIDEST) for letter in text) * size / 1000


@cache
def wrap(text: str, size: float, room: float, bold: bool = False) -> tuple[str, ...]:
    """`text` in lines of at most `room` pixels; a word that is wider is broken."""
    lines = [""]
    for word in text.split(" "):
        for piece in _pieces(word, size, room, bold):
            longer = f"{lines[-1]} {piece}".lstrip()
            if width(longer, size, bold) <= room:
                lines[-1] = longer
            else:
                lines.append(piece)
    return tuple(line for line in lines if line)


def _pieces(word: str, size: float, room: float, bold: bool) -> list[str]:
    pieces = [""]
    for letter in word:
        if width(pieces[-1] + letter, size, bold) > room and pieces[-1]:
            pieces.append("")
        pieces[-1] += letter
    return pieces
