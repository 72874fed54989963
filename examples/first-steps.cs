// Opens a model, reads its stream block by block, and looks at what it predicts.
//   dotnet run first-steps.cs [CHECKPOINT [TEXT]]
// Outside this repository the next line is: #:package Castalia.Models@0.1.0
#:project ../src/Castalia/Castalia.csproj
using Castalia;

string checkpoint = args.Length > 0 ? args[0] : Laboratory.BuiltIn(Laboratory.BuiltInNetworks[0]);
using var model = LanguageModel.Open(checkpoint);
var a = model.Architecture;
Console.WriteLine($"{Path.GetFileName(model.Path)}: {a.Title}, {a.NLayers} blocks, d_model {a.DModel}, {a.Wiring}, {a.Norm}, {a.Parameters:N0} parameters");

// The built-in networks speak a language of their own; any other model is given a text.
TokenSequence sequence = args.Length > 1 ? model.Tokenise(args[1]) : args.Length > 0 ? model.Tokenise("The capital of France is") : TokenSequence.Of(0, 17, 5, 23, 8, 41);
Console.WriteLine($"tokens: {string.Join(' ', sequence.Ids)}");

// Norms, gains and parts of every block, and the prediction.
var reading = model.Measure(PositionRange.Last, sequence)[0];
for (int block = 0; block < a.NLayers; block++)
{
    var b = reading.Block(block, reading.Tokens - 1);
    Console.WriteLine($"block {block}: ‖resid_pre‖ {b.NormPre:0.000}, ‖resid_post‖ {b.NormPost:0.000}, gain {b.Gain:0.000}, cos θ {b.CosTheta:+0.000;-0.000}");
}
Console.WriteLine($"next: '{model.Tokenizer.Piece(reading.Next.TopToken)}' with p = {reading.Next.TopProbability:0.000}, entropy {reading.Next.EntropyNats:0.000} nats");

// Activations at sites, by either name; nothing else is kept.
var pass = model.Pass().Keep("blocks.0.hook_attn_out", $"blocks.{a.NLayers - 1}.mlp_out").WithLogits(PositionRange.Last).Run(sequence);
foreach (var site in pass.Sites)
    Console.WriteLine($"{site} ({site.TransformerLensName}): [{sequence.Ids.Count} × {pass[site].Width}], first values {string.Join(", ", pass[site].Row(0, 0)[..3].ToArray().Select(x => $"{x:0.0000}"))}");
Console.WriteLine($"{pass.Logits(0).Length} logits");
