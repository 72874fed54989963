using System.Diagnostics;
using System.Globalization;
using System.Text;
using Castalia.Tokens;
using Microsoft.ML.Tokenizers;

namespace Castalia.Benchmarks;

/// <summary>A megabyte of text through a tokenizer, against Microsoft.ML.Tokenizers with the same vocabulary; the two in turn, medians.</summary>
static class TokenizerRatios
{
    const int Length = 1_000_000;

    /// <param name="folder">A folder with vocab.json and merges.txt (GPT-2's kind) or a tokenizer.model (Llama's kind).</param>
    /// <param name="rounds">How often each is run after a first time that does not count.</param>
    public static void Print(string folder, int rounds)
    {
        var ours = TokenizerFile.Open(folder);
        var theirs = Theirs(folder);
        Console.WriteLine($"{ours.Source}\n\n| 1 MB of | tokens | MB/s | × Microsoft.ML.Tokenizers |\n| --- | ---: | ---: | ---: |");
        foreach (var (name, text, fair) in Texts())
        {
            var seconds = new List<double>();
            var ratios = new List<double>();
            int tokens = 0;
            for (int round = -1; round < rounds; round++)
            {
                double own = Time(() => tokens = ours.Encode(text, out _).Count);
                double other = fair && theirs is not null ? Time(() => theirs.CountTokens(text)) : double.NaN;
                if (round < 0) continue;
                seconds.Add(own);
                ratios.Add(other / own);
            }
            double bytes = Encoding.UTF8.GetByteCount(text), ratio = Median(ratios);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {tokens} | {bytes / 1e6 / Median(seconds):F1} | {(double.IsNaN(ratio) ? "–" : $"{ratio:F1}")} |"));
        }
    }

    /// <summary>Texts, and whether Microsoft.ML.Tokenizers takes them in reasonable time.</summary>
    static IEnumerable<(string Name, string Text, bool Fair)> Texts()
    {
        string[] words = ["the", "of", "measurement", "residual", "stream", "a", "block", "grows", "and", "shrinks", "tokens", "in", "language", "models"];
        var random = new Random(1);
        var english = new StringBuilder();
        while (english.Length < Length)
            english.Append(words[random.Next(words.Length)]).Append(random.Next(12) == 0 ? ".\n" : random.Next(9) == 0 ? ", " : " ");
        yield return ("words", english.ToString(0, Length), true);
        var run = new StringBuilder();
        while (run.Length < Length) run.Append("etaoinshrdlu"[random.Next(12)]);
        yield return ("letters without a break", run.ToString(), false);
        yield return ("spaces", new string(' ', Length), false);
        yield return ("Japanese", string.Concat(Enumerable.Repeat("残差の流れは層ごとに伸びる。", Length / 42)), true);
    }

    static Tokenizer? Theirs(string folder)
    {
        string vocabulary = Path.Combine(folder, "vocab.json"), model = Path.Combine(folder, "tokenizer.model");
        if (File.Exists(vocabulary))
            return BpeTokenizer.Create(vocabulary, Path.Combine(folder, "merges.txt"), new RegexPreTokenizer(Gpt2(), null), null, null, null, null, null, false);
        if (!File.Exists(model)) return null;
        using var stream = File.OpenRead(model);
        return LlamaTokenizer.Create(stream, false, false, null);
    }

    static System.Text.RegularExpressions.Regex Gpt2() => new(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+");

    static double Time(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalSeconds;
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
