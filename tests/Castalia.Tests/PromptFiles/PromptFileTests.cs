using System.Text;
using Castalia.Errors;
using Castalia.PromptFiles;
using Castalia.Prompts;
using Xunit;

namespace Castalia.Tests.PromptFiles;

public sealed class PromptFileTests
{
    [Fact]
    public void Json_lines_give_texts_ids_names_and_categories_in_order()
    {
        var prompts = Read("p.jsonl", "{\"text\": \" a \\\"b\\\"\\n\", \"category\": \"cliché\"}\r\n{\"ids\": [0, 2147483647], \"name\": \"n\"}");
        Assert.Equal((" a \"b\"\n", "cliché", "1"), (prompts[0].Text, prompts[0].Category, prompts[0].Name));
        Assert.Null(prompts[0].Ids);
        Assert.Equal([0, int.MaxValue], prompts[1].Ids!);
        Assert.Equal(("n", null, null), (prompts[1].Name, prompts[1].Text, prompts[1].Category));
        Assert.EndsWith("p.jsonl, line 2", prompts[1].Place);
    }

    [Fact]
    public void Csv_gives_the_same_columns_and_the_line_a_record_starts_on()
    {
        var prompts = Read("p.csv", "category,text,ids,name\nc,\"two\nlines, and a \"\"quote\"\"\",,\n,, 1  2 ,named\n,  kept ,,\n");
        Assert.Equal(("two\nlines, and a \"quote\"", "c", "1"), (prompts[0].Text, prompts[0].Category, prompts[0].Name));
        Assert.Equal([1, 2], prompts[1].Ids!);
        Assert.Equal(("named", null, null), (prompts[1].Name, prompts[1].Text, prompts[1].Category));
        Assert.Equal("  kept ", prompts[2].Text);
        Assert.EndsWith("p.csv, line 4", prompts[1].Place);
    }

    [Fact]
    public void True_entropies_are_kept_where_they_are_given()
    {
        Assert.Equal([0, 1.25, null], Read("p.jsonl", "{\"ids\": [1], \"true_entropy\": 0}\n{\"ids\": [2], \"true_entropy\": 1.25}\n{\"ids\": [3]}").Select(p => p.TrueEntropy));
        Assert.Equal([0.5, null], Read("p.csv", "ids,true_entropy\n1,0.5\n2,\n").Select(p => p.TrueEntropy));
    }

    [Fact]
    public void A_text_file_is_one_prompt_a_line_with_or_without_a_line_end_at_its_end()
    {
        Assert.Equal(["a, \"b\"", " c"], Read("p.txt", "a, \"b\"\r\n c\n").Select(p => p.Text));
        Assert.Equal(["a", "b"], Read("p.txt", "a\nb").Select(p => p.Text));
        Assert.Equal(["1", "2"], Read("p.txt", "a\nb").Select(p => p.Name));
    }

    [Theory]
    [InlineData("p.jsonl", "{\"text\": \"é\"}")]
    [InlineData("p.csv", "text\né\n")]
    [InlineData("p.txt", "é")]
    public void A_byte_order_mark_of_utf8_is_no_part_of_the_prompt(string name, string text) =>
        Assert.Equal("é", Read(name, "\uFEFF" + text)[0].Text);

    public static TheoryData<string, string, string, string> Malformed => new()
    {
        { "p.jsonl", "", "The file holds no prompts.", "p.jsonl" },
        { "p.txt", "", "The file holds no prompts.", "p.txt" },
        { "p.csv", "", "The file holds no prompts.", "p.csv" },
        { "p.csv", "text\n", "The file holds no prompts.", "p.csv" },
        { "p.jsonl", "{\"text\": \"a\"}\n\n{\"text\": \"b\"}", "The line is blank", "line 2" },
        { "p.txt", "a\n\nb\n", "The line is blank", "line 2" },
        { "p.txt", "a\n\n", "The line is blank", "line 2" },
        { "p.txt", "a\n \t\nb", "The line is blank", "line 2" },
        { "p.csv", "text,name\na,\n\nb,\n", "The line is blank", "line 3" },
        { "p.csv", "text\na\n\n", "The line is blank", "line 3" },
        { "p.jsonl", "{\"text\": \"a\"", "The line is not one JSON object", "line 1" },
        { "p.jsonl", "{\"text\": \"a\"} x", "The line is not one JSON object", "line 1" },
        { "p.jsonl", "{\"ids\": [1], \"true_entropy\": -1}", "'-1' is no entropy.", "line 1" },
        { "p.jsonl", "{\"ids\": [1], \"true_entropy\": \"1\"}", "'\"1\"' is no entropy.", "line 1" },
        { "p.csv", "ids,true_entropy\n1,nan\n", "'nan' is no entropy.", "line 2" },
        { "p.jsonl", "[\"a\"]", "The line is not one JSON object: it is an array.", "line 1" },
        { "p.jsonl", "{\"text\": \"a\", \"text\": \"b\"}", "The line is not one JSON object", "line 1" },
        { "p.jsonl", "{\"text\": \"a\"}\n{\"txt\": \"a\"}", "The key 'txt' is not one of a prompt.", "line 2" },
        { "p.jsonl", "{\"text\": \"a\", \"Name\": \"b\"}", "The key 'Name'", "line 1" },
        { "p.jsonl", "{\"text\": \"a\", \"ids\": [1]}", "both a text and ids", "line 1" },
        { "p.csv", "text,ids\na,1\n", "both a text and ids", "line 2" },
        { "p.jsonl", "{\"name\": \"a\"}", "neither a text nor ids", "line 1" },
        { "p.csv", "text,name\n,a\n", "neither a text nor ids", "line 2" },
        { "p.jsonl", "{\"text\": \"\"}", "The text is empty.", "line 1" },
        { "p.jsonl", "{\"ids\": []}", "The list of ids is empty.", "line 1" },
        { "p.csv", "ids,name\n\" \",a\n", "The list of ids is empty.", "line 2" },
        { "p.jsonl", "{\"text\": 7}", "The value of 'text' is the number 7, not a string.", "line 1" },
        { "p.jsonl", "{\"text\": \"a\", \"name\": null}", "The value of 'name' is null, not a string.", "line 1" },
        { "p.jsonl", "{\"text\": \"a\", \"name\": \"\"}", "The value of 'name' is empty.", "line 1" },
        { "p.jsonl", "{\"text\": \"a\", \"category\": \"\"}", "The value of 'category' is empty.", "line 1" },
        { "p.jsonl", "{\"text\": \"\\ud800\"}", "half of a surrogate pair", "line 1" },
        { "p.jsonl", "{\"ids\": \"1 2\"}", "The value of 'ids' is a string, not an array.", "line 1" },
        { "p.jsonl", "{\"ids\": [1, -2]}", "'-2' is not a token id.", "line 1" },
        { "p.jsonl", "{\"ids\": [1.5]}", "'1.5' is not a token id.", "line 1" },
        { "p.jsonl", "{\"ids\": [2147483648]}", "'2147483648' is not a token id.", "line 1" },
        { "p.jsonl", "{\"ids\": [\"1\"]}", "'\"1\"' is not a token id.", "line 1" },
        { "p.jsonl", "{\"ids\": [true]}", "'true' is not a token id.", "line 1" },
        { "p.csv", "ids\n1 -2\n", "'-2' is not a token id.", "line 2" },
        { "p.csv", "ids\n1;2\n", "'1;2' is not a token id.", "line 2" },
        { "p.jsonl", "{\"text\": \"a\", \"name\": \"x\"}\n{\"text\": \"b\", \"name\": \"x\"}", "The name 'x' is already taken by", "line 2" },
        { "p.jsonl", "{\"text\": \"a\", \"name\": \"2\"}\n{\"text\": \"b\"}", "The name '2' (this prompt's number", "line 2" },
        { "p.csv", "prompt\na\n", "The column 'prompt' is not one of a prompt.", "line 1" },
        { "p.csv", "text,text\na,b\n", "The column 'text' is there twice.", "line 1" },
        { "p.csv", "name,category\na,b\n", "neither a text column nor an ids column", "line 1" },
        { "p.csv", "text,name\na,b,c\n", "The row has 3 fields where the header has 2.", "line 2" },
        { "p.csv", "text,name\na\n", "The row has 1 fields where the header has 2.", "line 2" },
        { "p.csv", "text\nok\n\"never closed\n", "A double quote is out of place or never closed.", "line 3" },
        { "p.csv", "text\na\"b\n", "A double quote is out of place or never closed.", "line 2" },
        { "p.csv", "text\n\"a\"b\n", "A double quote is out of place or never closed.", "line 2" },
        { "p.json", "{\"text\": \"a\"}", "The extension '.json' is not one of a prompt file.", "p.json" },
        { "prompts", "a", "The file's name has no extension", "prompts" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_is_not_plainly_a_prompt_is_refused_with_its_place(string name, string text, string cause, string place) =>
        AssertRefused(name, Encoding.UTF8.GetBytes(text), cause, place);

    [Fact]
    public void A_byte_that_is_not_utf8_is_named_with_line_and_offset()
    {
        AssertRefused("p.txt", [(byte)'a', (byte)'\n', (byte)'b', 0xE9, (byte)'c'], "Byte 0xE9", "p.txt, line 2, byte 3 of the file");
        AssertRefused("p.jsonl", [0xEF, 0xBB, 0xBF, (byte)'{', 0xC3], "Byte 0xC3", "p.jsonl, line 1, byte 4 of the file");
        AssertRefused("p.txt", [0xED, 0xA0, 0x80], "Byte 0xED", "p.txt, line 1, byte 0 of the file");
    }

    [Theory]
    [InlineData(true, "big-endian")]
    [InlineData(false, "little-endian")]
    public void Utf16_is_refused_by_its_byte_order_mark(bool bigEndian, string kind)
    {
        var encoding = new UnicodeEncoding(bigEndian, byteOrderMark: true);
        AssertRefused("p.txt", [.. encoding.GetPreamble(), .. encoding.GetBytes("a\n")], kind, "p.txt, byte 0");
    }

    [Fact]
    public void A_file_that_is_not_there_and_a_folder_are_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("There is no file", Assert.Throws<InputException>(() => PromptFile.Read(Path.Combine(folder.Path, "no.txt"))).Cause);
        string directory = Directory.CreateDirectory(Path.Combine(folder.Path, "d.txt")).FullName;
        Assert.Contains("is a folder, not a file with an end", Assert.Throws<InputException>(() => PromptFile.Read(directory)).Cause);
    }

    static IReadOnlyList<Prompt> Read(string name, string text)
    {
        using var folder = new TemporaryFolder();
        return PromptFile.Read(folder.Write(name, text));
    }

    static void AssertRefused(string name, byte[] bytes, string cause, string place)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(name, bytes);
        var refusal = Assert.Throws<InputException>(() => PromptFile.Read(path));
        Assert.Contains(cause, refusal.Cause);
        Assert.StartsWith(path, refusal.Place);
        Assert.EndsWith(place, refusal.Place);
        Assert.NotEqual("", refusal.Remedy);
    }
}
