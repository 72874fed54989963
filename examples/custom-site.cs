// A direction of one's own taken out of the stream at a site, block by block, and what becomes of the gain and the prediction.
//   dotnet run custom-site.cs [CHECKPOINT [TEXT]]
// Outside this repository the next line is: #:package Castalia.Models@0.1.0
#:project ../src/Castalia/Castalia.csproj
using Castalia;

using var model = LanguageModel.Open(args.Length > 0 ? args[0] : Laboratory.BuiltIn(Laboratory.BuiltInNetworks[0]));
var a = model.Architecture;
TokenSequence text = args.Length > 1 ? model.Tokenise(args[1]) : args.Length > 0 ? model.Tokenise("The capital of France is") : TokenSequence.Of(0, 17, 5, 23, 8, 41, 30, 12);
int last = text.Ids.Count - 1;

// The direction: the mean of what leaves the last block, over positions.
Site end = new(ResidualSite.Post, a.NLayers - 1);
var clean = model.Pass().Keep(end).WithLogits(PositionRange.Last).Run(text);
double[] direction = new double[a.DModel];
for (int position = 0; position <= last; position++)
    for (int i = 0; i < a.DModel; i++) direction[i] += clean[end].Row(0, position)[i];
double length = Math.Sqrt(direction.Sum(x => x * x));
for (int i = 0; i < a.DModel; i++) direction[i] /= length;

Console.WriteLine($"clean: top token {Top(clean)}");
for (int block = 0; block < a.NLayers; block++)
{
    Site site = new(ResidualSite.MlpOut, block), pre = new(ResidualSite.Pre, block), post = new(ResidualSite.Post, block);
    var result = model.Pass().Change(site, Without).Keep(pre, post).WithLogits(PositionRange.Last).Run(text);
    Console.WriteLine($"without it in {site}: gain of the block {Length(result[post].Row(0, last)) / Length(result[pre].Row(0, last)):0.0000}, top token {Top(result)}");
}

// How the last block answers to a small step along the direction: J·v, positions before held.
using var derivative = model.Linearise(a.NLayers - 1, text);
double[] answer = derivative.Apply(direction);
Console.WriteLine($"‖J·v‖ = {Math.Sqrt(answer.Sum(x => x * x)):0.0000}, v·J·v = {answer.Zip(direction, (x, y) => x * y).Sum():0.0000}");

void Without(SiteRow row)
{
    double along = 0;
    for (int i = 0; i < row.Values.Length; i++) along += row.Values[i] * direction[i];
    for (int i = 0; i < row.Values.Length; i++) row.Values[i] -= (float)(along * direction[i]);
}

string Top(PassResult result)
{
    var logits = result.Logits(0);
    int top = 0;
    for (int i = 1; i < logits.Length; i++) if (logits[i] > logits[top]) top = i;
    return $"{top}";
}

static double Length(ReadOnlySpan<float> x)
{
    double sum = 0;
    foreach (float value in x) sum += (double)value * value;
    return Math.Sqrt(sum);
}
