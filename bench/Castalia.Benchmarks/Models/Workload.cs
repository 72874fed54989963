using System.Globalization;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Prompts;

namespace Castalia.Benchmarks.Models;

/// <summary>Prompts of seeded token ids.</summary>
/// <param name="Prompts">How many.</param>
/// <param name="Length">Tokens of each.</param>
sealed record Workload(int Prompts, int Length)
{
    /// <summary>25 prompts of 15 tokens: about what the built-in set is.</summary>
    public static readonly Workload Standard = new(25, 15);

    /// <summary>Tokens in all.</summary>
    public int Tokens => Prompts * Length;

    /// <summary>As in 25x15.</summary>
    public static Workload Parse(string text)
    {
        string[] parts = text.Split('x');
        return parts.Length == 2 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out int prompts) &&
               int.TryParse(parts[1], CultureInfo.InvariantCulture, out int length)
            ? new(prompts, length)
            : throw new ArgumentException($"'{text}' is not PROMPTSxTOKENS, as in 25x15.", nameof(text));
    }

    /// <summary>The prompts for a vocabulary.</summary>
    public IReadOnlyList<TokenizedPrompt> For(int dVocab)
    {
        var random = new Random(3);
        return
        [
            .. Enumerable.Range(0, Prompts).Select(i =>
            {
                int[] ids = [.. Enumerable.Range(0, Length).Select(_ => random.Next(dVocab))];
                return new TokenizedPrompt(new Prompt { Name = $"{i}", Ids = ids, Place = "benchmark" }, ids, 0, 0);
            }),
        ];
    }

    /// <summary>Everything that <c>castalia measure</c> computes of a model, each site recorded.</summary>
    public void Measure(Checkpoint checkpoint, Architecture architecture, int threads, CancellationToken cancellation)
    {
        var options = new MeasureOptions { Threads = threads };
        Measurement.Take(checkpoint, architecture, For(architecture.DVocab), null, options, null, cancellation);
    }

    /// <summary>The forward pass alone: every block, and the logits of the last positions; nothing is looked at.</summary>
    public void Bare(Checkpoint checkpoint, Architecture architecture, int threads, CancellationToken cancellation) => Run(checkpoint, architecture, everywhere: false, threads, cancellation);

    /// <summary>The same with the logits of all positions.</summary>
    public void BareEverywhere(Checkpoint checkpoint, Architecture architecture, int threads, CancellationToken cancellation) => Run(checkpoint, architecture, everywhere: true, threads, cancellation);

    void Run(Checkpoint checkpoint, Architecture architecture, bool everywhere, int threads, CancellationToken cancellation)
    {
        using var pass = new ForwardPass(checkpoint, architecture, For(architecture.DVocab), threads, null, cancellation);
        pass.Run(new Nothing());
        int[] rows = [.. everywhere ? Enumerable.Range(0, Tokens) : Enumerable.Range(1, Prompts).Select(p => pass.Batch.Starts[p] - 1)];
        pass.Unembedding.Run(pass.Stream, rows, (_, _, _) => { });
    }

    sealed class Nothing : IBlockObserver
    {
        public void Seen(int layer, Chunk chunk, BlockActivations activations)
        {
        }
    }
}
