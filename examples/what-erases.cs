// Which neurons and heads of the last block take most from its gain, and what the gain is without the first of them.
//   dotnet run what-erases.cs [CHECKPOINT [PROMPTS]]
// Outside this repository the next line is: #:package Castalia.Library@0.1.0
#:project ../src/Castalia/Castalia.csproj
using Castalia;

string work = Directory.CreateTempSubdirectory("what-erases-").FullName;
try
{
    string checkpoint = args.Length > 0 ? args[0] : Laboratory.BuiltIn(Laboratory.BuiltInNetworks[0]);
    string prompts = args.Length > 1 ? args[1] : args.Length > 0 ? "standard-25" : Path.Combine(work, "sequences.jsonl");
    int[] sequence = [0, 17, 5, 23, 8, 41, 30, 12];
    if (args.Length == 0) File.WriteAllText(prompts, $$"""{"ids": [{{string.Join(", ", sequence)}}]}""");

    // An exact account: A_p is a part's share of G² − 1, and the parts add up.
    var laboratory = new Laboratory(Path.Combine(work, "runs"));
    laboratory.Explain(checkpoint, new() { Prompts = prompts }, blocks: "last");
    using var stored = laboratory.Open();
    var units = stored.Query("""
        SELECT part, "index", layer, avg(value) AS mean FROM attribution WHERE split = 'units' AND part IN ('head', 'neuron') GROUP BY ALL ORDER BY mean LIMIT 5
        """);
    foreach (var row in units.Rows) Console.WriteLine($"{row[0]} {row[1]} of block {row[2]}: mean A_p {row[3]:+0.0000;-0.0000}");

    // An account is no intervention: the same unit, taken out.
    using var model = LanguageModel.Open(checkpoint);
    var (part, index, layer) = ((string)units.Rows[0][0]!, Convert.ToInt32(units.Rows[0][1]), Convert.ToInt32(units.Rows[0][2]));
    var text = args.Length > 0 ? model.Tokenise("The capital of France is") : TokenSequence.Of(sequence);
    Site site = new(part == "head" ? ResidualSite.Z : ResidualSite.MlpPost, layer), pre = new(ResidualSite.Pre, layer), post = new(ResidualSite.Post, layer);
    int width = part == "head" ? model.Architecture.HeadDim : 1;
    var with = model.Pass().Keep(pre, post).Run(text);
    var without = model.Pass().Change(site, row => row.Values.Slice(index * width, width).Clear()).Keep(pre, post).Run(text);
    Console.WriteLine($"gain at the last token: {Gain(with):0.0000}; without {part} {index}: {Gain(without):0.0000}");

    double Gain(PassResult result) => Length(result[post].Row(0, text.Ids.Count - 1)) / Length(result[pre].Row(0, text.Ids.Count - 1));
}
finally
{
    Directory.Delete(work, recursive: true);
}

static double Length(ReadOnlySpan<float> x)
{
    double sum = 0;
    foreach (float value in x) sum += (double)value * value;
    return Math.Sqrt(sum);
}
