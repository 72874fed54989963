using System.Globalization;
using System.Text;

namespace Castalia.Fuzzing.Mutation;

/// <summary>Values on which readers trip.</summary>
static class Literals
{
    /// <summary>Whole numbers at the edges of the types that hold them.</summary>
    public static readonly ulong[] Numbers =
    [
        0, 1, 2, 3, 7, 8, 16, 31, 32, 63, 64, 100, 127, 128, 255, 256, 1000, 4095, 4096, 65535, 65536, 1 << 20, (1 << 24) + 1, int.MaxValue - 1, int.MaxValue,
        1u << 31, uint.MaxValue - 1, uint.MaxValue, 1UL << 32, 1UL << 40, (1UL << 53) + 1, 1UL << 62, long.MaxValue - 1, long.MaxValue, 1UL << 63, ulong.MaxValue - 7,
        ulong.MaxValue - 1, ulong.MaxValue,
    ];

    static readonly string[] s_json =
    [
        "null", "true", "false", "0", "1", "-1", "-0", "-0.0", "2", "3", "1.0", "0.5", "1.5", "-2", "64", "4096", "1000000", "2147483646", "2147483647", "2147483648", "-2147483648",
        "4294967295", "4294967296", "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615",
        "18446744073709551616", "1e2", "1E+2", "1e18", "1e19", "1e38", "1e39", "1e300", "1e308", "-1e308", "1e309", "1e400", "1e-7", "1e-30", "1e-45", "1e-300", "5e-324", "1e-400",
        "NaN", "Infinity", "-Infinity", "\"NaN\"", "\"Infinity\"", "00", "01", "+1", ".5", "1.", "1e", "0x10", "'a'", "undefined", "None", "True", "\"\"", "\" \"", "\"null\"", "\"None\"",
        "\"true\"", "\"1\"", "\"a\"", "\"A\"", "[]", "{}", "[[]]", "[{}]", "[null]", "[0]", "[1]", "[1,2]", "[-1]", "[0.5]", "[\"a\"]", "[\"a\",\"b\"]", "{\"\":0}", "{\"a\":1}", "{\"type\":null}",
        "{\"content\":\"a\"}", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"\\u0000\"", "\"\\u001b[31m\\u001b]0;t\\u0007\"", "\"\\u202etxt.exe\"", "\"\\r\\n\\t\"",
        "\"\\n\\n\\n\\n\\n\\n\\n\\n\"", "\"\\ufeff\"", "\"\\uffff\"", "\"é\"", "\"日本\"", "\"😀\"", "\"..\"", "\"../x\"", "\"/etc/passwd\"", "\"/dev/zero\"", "\"C:\\\\x\"", "\"a/b\"", "\"x.safetensors\"",
        "\"\\\\\"", "\"\\x\"", "\"\\u12\"", "\"unterminated", "/*c*/1", "//c\n1", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", ",", "]", "}", "",
    ];

    static readonly byte[][] s_texts = [.. new[]
    {
        "", " ", "  ", "\t", "\n", "\r", "\r\n", "\0", "\u001b[31m", "\u0007", "\u007f", "\u0085", "\u2028", "\u202e", "\u200b", "\ufeff", "\uffff", "\ufffd", "é", "e\u0301", "日本", "😀", "a", "A", "0", "-1", "0.5",
        "1e999", "NaN", "\"", "'", "`", "\\", "/", "..", "../", "%s", "%n", "{0}", "${a}", "$(a)", "<s>", "</s>", "<unk>", "<pad>", "<0x00>", "<0xFF>", "▁", "▁▁", "Ġ", "Ċ", "##", "@@", "null", "true", "~", ":", "- ",
        "? ", "& ", "*", "!", "|", ">", "#", "@", "%", ",", ";", "[", "]", "{", "}", "(", ")", "---", "...",
    }.Select(Encoding.UTF8.GetBytes), [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0x80]];

    /// <summary>A text, or bytes that are none.</summary>
    public static byte[] Text(Dice dice) => dice.Below(20) switch
    {
        0 => [.. Enumerable.Repeat((byte)"aA 0\n(["[dice.Below(7)], 1 << dice.Below(13))],
        1 => [.. Enumerable.Range(0, 1 << dice.Below(9)).SelectMany(_ => dice.Of(s_texts))],
        _ => dice.Of(s_texts),
    };

    /// <summary>A JSON value, or what somebody took for one.</summary>
    public static byte[] Json(Dice dice)
    {
        switch (dice.Below(24))
        {
            case 0:
                int depth = dice.Of([8, 32, 62, 63, 64, 65, 200, 400]);
                return dice.OneIn(2)
                    ? Bytes(string.Concat(Enumerable.Repeat("[", depth)) + "0" + new string(']', depth))
                    : Bytes(string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "0" + new string('}', depth));
            case 1:
                return Bytes("\"" + new string((char)('A' + dice.Below(26)), 1 << dice.Below(14)) + "\"");
            case 2:
                return Bytes("[" + string.Join(',', Enumerable.Repeat(dice.Of(s_json), 1 << dice.Below(10))) + "]");
            case 3:
                return Bytes(dice.Of(Numbers).ToString(CultureInfo.InvariantCulture));
            case 4:
                return [(byte)'"', .. Text(dice), (byte)'"'];
            case 5:
                return Bytes(dice.Below(3) switch { 0 => "1" + new string('0', 400), 1 => "0." + new string('3', 400), _ => "1e" + new string('9', 20) });
            default:
                return Bytes(dice.Of(s_json));
        }
    }

    /// <summary>A whole number.</summary>
    public static ulong Number(Dice dice) => dice.Below(4) switch
    {
        0 => dice.Next() >> dice.Below(64),
        1 => (ulong)dice.Below(50),
        _ => dice.Of(Numbers),
    };

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
