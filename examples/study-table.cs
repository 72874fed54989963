// The study's table: last-block gain and output entropy of models, means over 25 prompts in five categories.
//   dotnet run study-table.cs [CHECKPOINT…]
// Outside this repository the next line is: #:package Castalia.Library@0.1.0
#:project ../src/Castalia/Castalia.csproj
using Castalia;

string work = Directory.CreateTempSubdirectory("study-table-").FullName;
try
{
    // The built-in networks speak a language of their own: 25 texts of its tokens, five of each length, stand for the prompts.
    bool own = args.Length == 0;
    string prompts = own ? Path.Combine(work, "texts.jsonl") : "standard-25";
    if (own)
    {
        var draw = new Random(1);
        var tokenizer = TextTokenizer.Open(Laboratory.BuiltIn(Laboratory.BuiltInNetworks[0]));
        File.WriteAllLines(prompts, Enumerable.Range(0, 25).Select(i => (Tokens: 8 + 4 * (i / 5), Text: string.Concat(Enumerable.Range(0, 8 + 4 * (i / 5)).Select(_ => tokenizer.Piece(draw.Next(3, 60))))))
            .Select(prompt => $$"""{"text": "{{prompt.Text}}", "category": "{{prompt.Tokens}} tokens"}"""));
    }
    var laboratory = new Laboratory(Path.Combine(work, "runs"));
    foreach (string checkpoint in own ? Laboratory.BuiltInNetworks.Where(name => name.StartsWith("twin-", StringComparison.Ordinal)).Select(name => Laboratory.BuiltIn(name)) : args)
        laboratory.Measure(checkpoint, new() { Prompts = prompts });

    using var stored = laboratory.Open();
    var table = stored.Query("""
        SELECT model, count(*) AS n, avg(gain) AS gain, stddev_samp(gain) AS sd, avg((gain < 1)::INT) AS below, avg(entropy) AS entropy, corr(gain, entropy) AS r
        FROM gains GROUP BY model ORDER BY gain
        """);
    Console.WriteLine("model                                      n  gain ± sd      below 1  entropy  r(gain, entropy)");
    foreach (var row in table.Rows)
        Console.WriteLine($"{row[0],-40} {row[1],3}  {row[2]:0.000} ± {row[3]:0.000}  {row[4],7:P0}  {row[5],7:0.000}  {row[6]:+0.00;-0.00}");
    var verdict = stored.Judge("study-h1");
    Console.WriteLine($"\n{verdict.Claim}\n→ {verdict.Kind}: {verdict.Why}");
}
finally
{
    Directory.Delete(work, recursive: true);
}
