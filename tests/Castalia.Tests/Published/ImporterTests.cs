using System.Text;
using Castalia.Errors;
using Castalia.Published;
using Xunit;

namespace Castalia.Tests.Published;

public sealed class ImporterTests
{
    static readonly string Shipped = Path.Combine(Shared.Repository, "src", "Castalia", "Published", "published-study.json");

    [Fact]
    public void The_shipped_file_is_byte_for_byte_what_the_importer_makes()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "study.json");
        Importer.Write(Shared.Path("published"), file);
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLISHED") == "1") File.Copy(file, Shipped, overwrite: true);
        Assert.Equal(File.ReadAllText(Shipped), File.ReadAllText(file)); // a readable difference first
        Assert.Equal(File.ReadAllBytes(Shipped), File.ReadAllBytes(file));
    }

    [Fact]
    public void What_is_embedded_is_the_file_and_reading_it_loses_nothing()
    {
        string text = EmbeddedText.Of("published-study.json");
        Assert.Equal(File.ReadAllText(Shipped), text);
        Assert.Equal(text, StudyJson.Write(PublishedStudy.Shipped));
    }

    [Fact]
    public void No_text_of_any_prompt_is_in_the_data()
    {
        string shipped = File.ReadAllText(Shipped);
        using var original = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Shared.Path("published", Importer.Files[0])));
        var texts = original.RootElement.GetProperty("all_results").EnumerateArray().Select(r => r.GetProperty("Prompt").GetString()!).Distinct().ToArray();
        Assert.Equal(25, texts.Length);
        Assert.All(texts, text => Assert.DoesNotContain(text, shipped));
    }

    public static TheoryData<int, string, string, string> Damages => new()
    {
        { 0, "\"Last_Gain\": 0.7694174757281553,", "", "The field 'Last_Gain' is missing.\n  where: {0}, all_results[0]\n" },
        { 0, "\"Last_Gain\": 0.7694174757281553", "\"Last_Gain\": NaN", "The file is not JSON: " },
        { 0, "\"Last_Gain\": 0.7694174757281553", "\"Last_Gain\": \"NaN\"", "'NaN' is not a finite number.\n  where: {0}, all_results[0].Last_Gain\n" },
        { 0, "\"Last_Gain\": 0.7694174757281553", "\"Last_Gain\": -0.7", "The value is -0.7, not a number above 0.\n  where: {0}, all_results[0].Last_Gain\n" },
        { 0, "\"Last_Gain\": 0.7694174757281553", "\"Last_Gain\": null", "The value is null, not a number.\n  where: {0}, all_results[0].Last_Gain\n" },
        { 0, "\"4.9601235\"", "\"4,9601235\"", "'4,9601235' is not a finite number.\n  where: {0}, all_results[0].Entropy\n" },
        { 0, "\"Top_Prob\": \"0.1632\"", "\"Top_Prob\": \"1.632\"", "The value is 1.632, not a probability.\n  where: {0}, all_results[0].Top_Prob\n" },
        { 0, "Grand Unified Thermodynamic Benchmark", "Another", "'experiment' is 'Another', not 'Grand Unified Thermodynamic Benchmark': this is a result of another experiment.\n" },
        { 0, "\"Category\": \"Factual\"", "\"Category\": \"Poetic\"", "The value is the text 'Poetic', not one of Factual, Syntactic, Cliche, Novel, Nonsense.\n  where: {0}, all_results[0].Category\n" },
        { 1, "\"Prompt\": \"The capital city of France is\"", "\"Prompt\": \"The capital\"", "Prompt 0 is not the prompt that the first model was fed there.\n  where: {0}, all_results[0].Prompt\n" },
        { 1, "\"mean_gain\":", "\"mean\":", "The field 'mean_gain' is missing.\n  where: {0}, results\n" },
        { 2, "\"bentov_law_results\"", "\"bentov\"", "The field 'bentov_law_results' is missing.\n  where: {0}, the outermost object\n" },
        { 3, "\"n_models\": 8", "\"n_models\": 9", "There are 8 models where 9 are wanted.\n  where: {0}, models\n" },
        { 5, "\"rho\": 0.125", "\"rho\": 0.25", "ρ is not n_heads / d_head = 8 / 64.\n  where: {0}, models[0].rho\n" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_file_is_refused_by_file_and_field_and_nothing_is_written(int index, string from, string to, string error)
    {
        using var folder = new TemporaryFolder();
        foreach (string name in Importer.Files) File.WriteAllBytes(Path.Combine(folder.Path, name), File.ReadAllBytes(Shared.Path("published", name)));
        string damaged = Path.Combine(folder.Path, Importer.Files[index]), output = Path.Combine(folder.Path, "out.json");
        string text = File.ReadAllText(damaged);
        int at = text.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{from} is not in {Importer.Files[index]}");
        File.WriteAllText(damaged, text[..at] + to + text[(at + from.Length)..], new UTF8Encoding(false));
        var thrown = Assert.Throws<InputException>(() => Importer.Write(folder.Path, output));
        Assert.StartsWith(string.Format(System.Globalization.CultureInfo.InvariantCulture, error, damaged), thrown.Message);
        Assert.Contains(damaged, thrown.Message);
        Assert.False(File.Exists(output));
    }

    [Fact]
    public void Folders_and_files_that_are_not_there_are_named()
    {
        using var folder = new TemporaryFolder();
        string none = Path.Combine(folder.Path, "none");
        Assert.Equal($"There is no folder '{none}'.", Assert.Throws<InputException>(() => Importer.Read(none)).Cause);
        var thrown = Assert.Throws<InputException>(() => Importer.Read(folder.Path));
        Assert.Equal($"The folder does not hold '{Importer.Files[0]}'.", thrown.Cause);
    }

    [Fact]
    public void An_existing_file_is_never_written_over()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "mine.json");
        File.WriteAllText(file, "mine");
        Assert.Equal("The file already exists and is left as it is.", Assert.Throws<InputException>(() => Importer.Write(Shared.Path("published"), file)).Cause);
        Assert.Equal("mine", File.ReadAllText(file));
    }
}
