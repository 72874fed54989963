"""Writes src/Castalia/Tokens/normalization.txt: what normalisation (UAX #15) needs of the Unicode Character Database.

Usage: python3 tools/make-normalization-data.py > src/Castalia/Tokens/normalization.txt
Lines: `# version`; `CODE CLASS` for a combining class above 0; `CODE=FIRST[ SECOND]` for a canonical decomposition that NFC undoes,
`CODE>FIRST[ SECOND]` for one that it does not; `CODE~PART…` for a compatibility decomposition (NFKC, NFKD). Codes in hexadecimal,
classes in decimal. Hangul is computed, not listed.

The reference (huggingface/tokenizers up to 0.23) normalises by the tables of Unicode 9. What later versions added is left out by the
two lists below, so that the same text gives the same ids; they were found by asking it for every mark and every code point.
"""
import sys
import unicodedata

assert unicodedata.unidata_version == "14.0.0", "The lists below are the difference between Unicode 9 and 14."

LATER_CLASSES = """
    7FD 898-89F 8CA-8D3 9FE C3C D3B-D3C EBA 1715 1ABF-1ACE 1DF6-1DFA A82C 10D24-10D27 10EAB-10EAC 10F46-10F50
    10F82-10F85 11070 1133B 1145E 11839-1183A 1193D-1193E 11943 119E0 11A34 11A47 11A99 11D42 11D44-11D45 11D97
    16FF0-16FF1 1E130-1E136 1E2AE 1E2EC-1E2EF
"""
LATER_DECOMPOSITIONS = """
    32FF A7F2-A7F4 AB69 10781-10785 10787-107B0 107B2-107BA 11938 1F16C 1FBF0-1FBF9
"""


def codes(text):
    for part in text.split():
        first, _, last = part.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


later_classes = set(codes(LATER_CLASSES))
later_decompositions = set(codes(LATER_DECOMPOSITIONS))

print("# Unicode 9")
for code in range(sys.maxunicode + 1):
    character = chr(code)
    if unicodedata.combining(character) and code not in later_classes:
        print(f"{code:X} {unicodedata.combining(character)}")
    decomposition = unicodedata.decomposition(character)
    if not decomposition or code in later_decompositions:
        continue
    if decomposition.startswith("<"):
        sign = "~"
        decomposition = decomposition[decomposition.index(">") + 1:]
    else:
        sign = "=" if unicodedata.normalize("NFC", character) == character else ">"
    print(f"{code:X}{sign}{' '.join(f'{int(c, 16):X}' for c in decomposition.split())}")
