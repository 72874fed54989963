// llama.cpp (by LLamaSharp) and Castalia over the same GGUF file, in one process and in turn: prompts one by one, and all in one batch.
//   dotnet run bench/peers/llama.cs measure FILE.gguf [THREADS [ROUNDS]]
//   dotnet run bench/peers/llama.cs evaluate FILE.gguf THREADS IDS.txt        llama.cpp alone, in one batch; a line of ids a prompt; prints the top tokens, for whole processes in turn
//   dotnet run bench/peers/llama.cs write FILE.gguf OUT.gguf F32|F16|Q8_0     writes the same model by llama.cpp's quantiser
// 25 prompts of 15 ids each. Castalia measures: norms, gains and parts of every block at the last position, and entropy and top token of its logits.
// llama.cpp evaluates, with logits for the last position alone; its memory of a prompt is cleared for the next.
#:project ../../src/Castalia.Models/Castalia.Models.csproj
#:package LLamaSharp@0.30.0
#:package LLamaSharp.Backend.Cpu@0.30.0
using System.Diagnostics;
using System.Globalization;
using Castalia;
using LLama;
using LLama.Common;
using LLama.Native;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
NativeLibraryConfig.All.WithLogCallback((LLamaLogLevel _, string _) => { });
NativeApi.llama_empty_call(); // loads the library
if (args is ["write", var from, var to, var type])
{
    var quantize = LLamaModelQuantizeParams.Default();
    quantize.allow_requantize = true;
    quantize.nthread = Environment.ProcessorCount;
    quantize.ftype = type switch { "F32" => LLamaFtype.ALL_F32, "F16" => LLamaFtype.MOSTLY_F16, "Q8_0" => LLamaFtype.MOSTLY_Q8_0, _ => throw new ArgumentException(type) };
    return (int)NativeApi.llama_model_quantize(from, to, ref quantize);
}
if (args is ["evaluate", var evaluated, var count, var ids])
{
    int[][] lines = [.. File.ReadLines(ids).Select(line => line.Split(' ').Select(int.Parse).ToArray())];
    var wanted = new ModelParams(evaluated) { ContextSize = 512, BatchSize = 512, UBatchSize = 512, Threads = int.Parse(count), BatchThreads = int.Parse(count), SeqMax = (uint)lines.Length, GpuLayerCount = 0 };
    using var read = LLamaWeights.LoadFromFile(wanted);
    using var alone = read.CreateContext(wanted);
    Console.WriteLine(string.Join(' ', Evaluated(alone, [.. lines.Select(line => TokenSequence.Of(line))])));
    return 0;
}
if (args is not ["measure", var file, .. var rest]) throw new ArgumentException("measure FILE.gguf [THREADS [ROUNDS]] | evaluate FILE.gguf THREADS IDS.txt | write FILE.gguf OUT.gguf TYPE");
int threads = rest.Length > 0 ? int.Parse(rest[0]) : 2, rounds = rest.Length > 1 ? int.Parse(rest[1]) : 9;

using var model = LanguageModel.Open(file, threads);
var random = new Random(1);
var prompts = Enumerable.Range(0, 25).Select(_ => TokenSequence.Of([.. Enumerable.Range(0, 15).Select(_ => random.Next(model.Architecture.DVocab))])).ToArray();

var parameters = new ModelParams(file) { ContextSize = 512, BatchSize = 512, UBatchSize = 512, Threads = threads, BatchThreads = threads, SeqMax = 25, GpuLayerCount = 0 };
using var weights = LLamaWeights.LoadFromFile(parameters);
using var context = weights.CreateContext(parameters);
int[][] llamaTop = new int[2][], castaliaTop = new int[2][];
void LlamaEach() => llamaTop[0] = [.. prompts.Select(prompt => Evaluated(context, [prompt])[0])];
void LlamaAll() => llamaTop[1] = Evaluated(context, prompts);
void CastaliaEach() => castaliaTop[0] = [.. prompts.Select(prompt => model.Measure(PositionRange.Last, prompt)[0].Next.TopToken)];
void CastaliaAll()
{
    var readings = model.Measure(PositionRange.Last, prompts);
    castaliaTop[1] = [.. Enumerable.Range(0, prompts.Length).Select(i => readings[i].Next.TopToken)];
}
(string Name, Action Work)[] ways = [("Castalia, one by one", CastaliaEach), ("llama.cpp, one by one", LlamaEach), ("Castalia, one batch", CastaliaAll), ("llama.cpp, one batch", LlamaAll)];
var seconds = ways.Select(_ => new double[rounds]).ToArray();
for (int round = -1; round < rounds; round++)
{
    foreach (var (i, way) in ways.Index())
    {
        long begin = Stopwatch.GetTimestamp();
        way.Work();
        if (round >= 0) seconds[i][round] = Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }
}
Console.WriteLine($"{Path.GetFileName(file)}, {threads} threads, {rounds} rounds; medians and quartiles, milliseconds");
foreach (var (i, way) in ways.Index()) Console.WriteLine($"| {way.Name} | {1000 * Quantile(seconds[i], 0.5):0.0} | {1000 * Quantile(seconds[i], 0.25):0.0} to {1000 * Quantile(seconds[i], 0.75):0.0} |");
for (int i = 0; i < 4; i += 2)
    Console.WriteLine($"Castalia's time over llama.cpp's{(i == 0 ? ", one by one" : ", one batch")}: {Quantile([.. Enumerable.Range(0, rounds).Select(round => seconds[i][round] / seconds[i + 1][round])], 0.5):0.00}; top tokens alike: {castaliaTop[i / 2].Zip(llamaTop[i / 2]).Count(pair => pair.First == pair.Second)} of {prompts.Length}");
return 0;

static int[] Evaluated(LLamaContext context, TokenSequence[] texts)
{
    context.NativeHandle.MemoryClear();
    var batch = new LLamaBatch();
    foreach (var (sequence, text) in texts.Index())
        foreach (var (position, id) in text.Ids.Index()) batch.Add(id, position, (LLamaSeqId)sequence, position == text.Ids.Count - 1);
    if (context.NativeHandle.Decode(batch) != DecodeResult.Ok) throw new InvalidOperationException("llama.cpp did not evaluate.");
    int[] tops = new int[texts.Length];
    for (int i = 0, row = -1; i < texts.Length; i++)
    {
        row += texts[i].Ids.Count;
        var logits = context.NativeHandle.GetLogitsIth(row);
        int top = 0;
        for (int id = 1; id < logits.Length; id++) if (logits[id] > logits[top]) top = id;
        tops[i] = top;
    }
    return tops;
}

static double Quantile(double[] values, double p) => values.Order().ElementAt((int)Math.Round(p * (values.Length - 1)));
