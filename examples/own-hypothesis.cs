// A hypothesis of one's own, as a file with a rule that can fail, judged over measured models.
//   dotnet run own-hypothesis.cs [CHECKPOINT…]
// Outside this repository the next line is: #:package Castalia.Library@0.1.0
#:project ../src/Castalia/Castalia.csproj
using Castalia;

string work = Directory.CreateTempSubdirectory("own-hypothesis-").FullName;
try
{
    string file = Path.Combine(work, "longer-expands.yaml");
    File.WriteAllText(file, """
        id: longer-expands
        title: The longer the text, the larger the last gain
        claim: Among prompts, the gain of the last block rises with the number of tokens.
        mechanism: More context leaves more to be written.
        prediction: The slope of the gain on the number of tokens is positive in every model.
        sources: [a question of one's own]

        requires: { models: 1, prompts: 25 }

        evidence:
          rows: |
            SELECT run, model, prompt, gain, tokens FROM gains ORDER BY run, model, prompt_index

        tests:
          slope: { statistic: slope, from: rows, of: gain, on: tokens, clusters: prompt, per: model, holm: yes }
          rises: { statistic: proportion, over: models, where: slope.slope > 0 and slope.p_holm < 0.05 }
          falls: { statistic: count, over: models, where: slope.slope < 0 and slope.p_holm < 0.05 }

        supported: rises.share = 1
        falsified: falls.count >= 1

        strength: It rises in {rises.count} of {models} models and falls in {falls.count}.
        limits: What the texts are about is not held fixed.
        """);

    string prompts = args.Length > 0 ? "standard-25" : Path.Combine(work, "texts.jsonl");
    if (args.Length == 0)
    {
        // The built-in networks speak a language of their own.
        var draw = new Random(2);
        var tokenizer = TextTokenizer.Open(Laboratory.BuiltIn(Laboratory.BuiltInNetworks[0]));
        File.WriteAllLines(prompts, Enumerable.Range(0, 25).Select(i => $$"""{"text": "{{string.Concat(Enumerable.Range(0, 4 + i).Select(_ => tokenizer.Piece(draw.Next(3, 60))))}}"}"""));
    }
    var laboratory = new Laboratory(Path.Combine(work, "runs"));
    foreach (string checkpoint in args.Length > 0 ? args : [Laboratory.BuiltIn(Laboratory.BuiltInNetworks[0])]) laboratory.Measure(checkpoint, new() { Prompts = prompts });

    using var stored = laboratory.Open();
    var verdict = stored.Judge(file);
    Console.WriteLine($"{verdict.Id}: {verdict.Claim}");
    Console.WriteLine($"{verdict.Kind}. {verdict.Why}");
    Console.WriteLine(verdict.Strength);
    Console.WriteLine(verdict.Limits);
}
finally
{
    Directory.Delete(work, recursive: true);
}
