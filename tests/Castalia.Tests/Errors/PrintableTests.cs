using Castalia.Errors;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Errors;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("a\u001b[31mred", "a\\u001b[31mred")]
    [InlineData("bell\a, line\r\nend", "bell\\u0007, line\\u000d\\u000aend")]
    [InlineData("csi \u009b2J", "csi \\u009b2J")]
    [InlineData("turned \u202egnp.exe", "turned \\u202egnp.exe")]
    [InlineData("pair \U0001d11e kept", "pair \U0001d11e kept")]
    public void What_a_terminal_would_obey_is_written_as_an_escape(string text, string shown) => Assert.Equal(shown, Printable.Of(text));

    [Fact]
    public void Half_of_a_pair_is_written_as_an_escape()
    {
        Assert.Equal("a\\ud800b", Printable.Of("a" + (char)0xd800 + "b"));
        Assert.Equal("\\udc00\\ud800", Printable.Of(new string([(char)0xdc00, (char)0xd800])));
    }

    [Fact]
    public void Plain_text_is_the_same_object()
    {
        string text = "models/größe/模型.safetensors";
        Assert.Same(text, Printable.Of(text));
    }

    [Fact]
    public void Any_text_is_one_line_no_longer_than_asked_and_well_formed() =>
        Gen.Select(Gen.Char.Array[0, 400], Gen.Int[3, 80]).Sample((characters, most) =>
        {
            string shown = Printable.Of(new string(characters), most);
            Assert.InRange(shown.Length, 0, most);
            Assert.DoesNotContain(shown, char.IsControl);
            Assert.Equal(shown, Printable.Of(shown));
        });

    [Fact]
    public void An_error_is_three_lines_and_no_longer_than_a_screen_whatever_it_quotes()
    {
        string endless = new('\u001b', 1 << 20);
        var error = new InputException($"'{endless}' is wrong.", $"file, key '{endless}'", $"Not {endless}.");
        Assert.Equal(3, error.Message.Split('\n').Length);
        Assert.DoesNotContain('\u001b', error.Message);
        Assert.InRange(error.Message.Split('\n').Sum(line => (line.Length + 79) / 80), 3, 24);
        Assert.StartsWith("'\\u001b", error.Cause, StringComparison.Ordinal);
        Assert.EndsWith("is wrong.", error.Cause, StringComparison.Ordinal);
    }
}
