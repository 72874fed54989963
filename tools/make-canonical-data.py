"""Writes src/Castalia/Tokens/canonical.txt: what canonical normalisation (UAX #15) needs of the Unicode Character Database.

Usage: python3 tools/make-canonical-data.py > src/Castalia/Tokens/canonical.txt
Lines: `# version`; `CODE CLASS` for a combining class above 0; `CODE=FIRST[ SECOND]` for a canonical decomposition that NFC undoes,
`CODE>FIRST[ SECOND]` for one that it does not. Codes in hexadecimal, classes in decimal. Hangul is computed, not listed.
"""
import sys
import unicodedata

print(f"# Unicode {unicodedata.unidata_version}")
for code in range(sys.maxunicode + 1):
    character = chr(code)
    if unicodedata.combining(character):
        print(f"{code:X} {unicodedata.combining(character)}")
    decomposition = unicodedata.decomposition(character)
    if decomposition and not decomposition.startswith("<"):
        sign = "=" if unicodedata.normalize("NFC", character) == character else ">"
        print(f"{code:X}{sign}{' '.join(f'{int(c, 16):X}' for c in decomposition.split())}")
