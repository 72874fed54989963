using Castalia.Forward;
using Castalia.Kernels;
using Castalia.Residual;

namespace Castalia.Interventions;

/// <summary>What the predictions of variants are, and how far they are from those of the clean pass.</summary>
/// <param name="clean">The clean pass.</param>
/// <param name="unembedding">Final norm and logits.</param>
/// <param name="allPositions">Whether predictions are read at every position.</param>
sealed class VariantOutputs(Measurement clean, Unembedding unembedding, bool allPositions)
{
    const long CleanBytes = 64L << 20; // logits of clean passes held at a time

    readonly int _vocabulary = clean.Architecture.DVocab - clean.PaddedVocabularyRows;

    /// <summary>Readings of a portion.</summary>
    /// <param name="variants">The portion.</param>
    /// <param name="stream">Its stream after the last block.</param>
    /// <param name="gains">Its gains.</param>
    /// <param name="components">Its components along directions.</param>
    public InterventionReading[] Read(VariantBatch variants, ResidualStream stream, VariantGains gains, VariantComponents components)
    {
        var found = new InterventionReading[variants.Variants.Count];
        var byPrompt = Enumerable.Range(variants.CleanEntries, found.Length).GroupBy(variants.CleanOf).OrderBy(group => group.Key).ToArray();
        int most = (int)Math.Max(1, CleanBytes / ((long)_vocabulary * sizeof(float)));
        foreach (var some in byPrompt.Chunk(most))
        {
            var logits = Logits(variants, stream, [.. some.Select(group => group.Key)]);
            var rows = new List<(int Entry, int Position, int Row)>();
            foreach (int entry in some.SelectMany(group => group))
            {
                int tokens = variants.Batch.Prompts[entry].Ids.Count, last = variants.Batch.Starts[entry + 1] - 1;
                for (int position = allPositions ? variants.Batch.Firsts[entry] : tokens - 1; position < tokens; position++) rows.Add((entry, position, last - (tokens - 1 - position)));
            }
            double[] losses = new double[rows.Count];
            unembedding.RunNormed(rows.Count, (index, row) => Norm(variants, stream, rows[index].Entry, rows[index].Position, rows[index].Row, row), (index, _, all) =>
            {
                var (entry, position, _) = rows[index];
                var counted = all[.._vocabulary];
                var ids = variants.Batch.Prompts[entry].Ids;
                var of = variants.Of(entry)!;
                if (!double.IsFinite(DoubleSum.Of(counted)))
                    throw InterventionErrors.NotFinite(of.Intervention.Place, of.Intervention.Name, variants.Batch.Prompts[entry].Prompt, clean.Architecture.NLayers - 1);
                var (entropy, top, probability, _, logSum) = LogSumExp.Of(counted);
                losses[index] = position + 1 < ids.Count && ids[position + 1] < counted.Length ? logSum + ((double)counted[top] - counted[ids[position + 1]]) : double.NaN;
                if (position < ids.Count - 1) return;
                var (cleanLogits, normaliser) = logits[variants.CleanOf(entry)];
                double kl = Divergence.Of(cleanLogits, counted, normaliser, logSum + counted[top]);
                found[entry - variants.CleanEntries] = new(Gains(variants, entry, gains), entropy, kl, top, probability, double.NaN, EffectForm.Pass) { Along = components.Of(entry) };
            });
            if (allPositions) Losses(variants, rows, losses, found);
        }
        return found;
    }

    /// <summary>A row through the final norm; where that is held, times what the clean pass's row is multiplied by.</summary>
    void Norm(VariantBatch variants, ResidualStream stream, int entry, int position, int token, Span<float> row)
    {
        double? factor = null;
        if (variants.Of(entry)!.Intervention.Changes.Any(change => change.Held == Held.FinalNorm))
        {
            stream.Read(variants.Batch.Starts[variants.CleanOf(entry)] + position, row);
            factor = unembedding.FactorOf(row);
        }
        stream.Read(token, row);
        if (factor is { } held) unembedding.Norm(row, held, row);
        else unembedding.Norm(row, row);
    }

    /// <summary>Logits of the clean passes at their last position, and ln Σ exp of them.</summary>
    Dictionary<int, (float[] Logits, double LogNormaliser)> Logits(VariantBatch variants, ResidualStream stream, int[] entries)
    {
        var found = new Dictionary<int, (float[], double)>();
        unembedding.Run(stream, [.. entries.Select(entry => variants.Batch.Starts[entry + 1] - 1)], (index, _, logits) =>
        {
            float[] counted = logits[.._vocabulary].ToArray();
            var of = LogSumExp.Of(counted);
            lock (found) found[entries[index]] = (counted, of.LogSum + counted[of.Top]);
        });
        return found;
    }

    /// <summary>Those of the clean pass in the blocks before the first that is changed.</summary>
    double[] Gains(VariantBatch variants, int entry, VariantGains gains)
    {
        double[] all = gains.Of(entry);
        var blocks = clean.Readings[variants.PromptOf(entry)].Blocks;
        for (int layer = 0; layer < variants.StartOf(entry); layer++) all[layer] = blocks[layer][^1].Gain;
        return all;
    }

    /// <summary>Mean losses: those of the clean pass before the first position that has a row.</summary>
    void Losses(VariantBatch variants, List<(int Entry, int Position, int Row)> rows, double[] losses, InterventionReading[] found)
    {
        foreach (var group in rows.Select((row, i) => (row.Entry, Loss: losses[i])).GroupBy(row => row.Entry))
        {
            int entry = group.Key;
            double[] all = [.. clean.Readings[variants.PromptOf(entry)].Outputs.Take(variants.Batch.Firsts[entry]).Select(output => output!.Value.LossNats), .. group.Select(row => row.Loss)];
            int i = entry - variants.CleanEntries;
            found[i] = found[i] with { LossNats = MeanLoss.Of(all) };
        }
    }
}
