using Castalia.Kernels;
using Castalia.Residual;

namespace Castalia.Forward;

/// <summary>Entropy and top token at the positions asked for, after the last block or, as a logit lens, after each.</summary>
sealed class Outputs
{
    readonly ForwardPass _pass;
    readonly int _vocabulary;
    readonly int[] _rows;

    /// <param name="pass">The forward pass.</param>
    /// <param name="vocabulary">Logits that count; later rows are padding.</param>
    /// <param name="allPositions">Every position, or the last of each prompt.</param>
    public Outputs(ForwardPass pass, int vocabulary, bool allPositions)
    {
        (_pass, _vocabulary) = (pass, vocabulary);
        _rows = allPositions
            ? [.. Enumerable.Range(0, pass.Batch.Tokens)]
            : [.. Enumerable.Range(0, pass.Batch.Prompts.Count).Select(p => pass.Batch.Starts[p + 1] - 1)];
    }

    /// <summary>Reads the stream as it is now, [prompt][position]; null where not asked for.</summary>
    public OutputReading?[][] Read()
    {
        var batch = _pass.Batch;
        OutputReading?[][] readings = [.. batch.Prompts.Select(p => new OutputReading?[p.Ids.Count])];
        _pass.Unembedding.Run(_pass.Stream, _rows, (index, normed, logits) =>
        {
            var (prompt, position) = batch.At(_rows[index]);
            var counted = logits[.._vocabulary];
            RefuseNotFinite(batch, prompt, position, "logits", counted);
            var (entropy, top, probability, margin, logSum) = LogSumExp.Of(counted);
            var ids = batch.Prompts[prompt].Ids;
            double loss = position + 1 < ids.Count && ids[position + 1] < counted.Length ? logSum + ((double)counted[top] - counted[ids[position + 1]]) : double.NaN;
            readings[prompt][position] = new OutputReading(entropy, top, probability, margin, loss);
        });
        return readings;
    }

    /// <summary>Refuses a vector that holds a NaN or infinity: a softmax would pass over it, a file would keep it.</summary>
    public static void RefuseNotFinite(RaggedBatch batch, int prompt, int position, string site, ReadOnlySpan<float> values)
    {
        // No sum of float32 leaves float64, so only a NaN or infinity among them makes it one.
        if (!double.IsFinite(DoubleSum.Of(values))) throw MeasurementErrors.NotFinite(batch.Prompts[prompt].Prompt, null, site, position, values);
    }

    /// <summary>‖n‖ of every position of the stream as it is now, [prompt][position].</summary>
    public double[][] FinalNorms()
    {
        var batch = _pass.Batch;
        double[][] norms = [.. batch.Prompts.Select(p => new double[p.Ids.Count])];
        int dModel = _pass.Architecture.DModel;
        float[][] scratch = [.. Enumerable.Range(0, _pass.Crew.Threads).Select(_ => new float[dModel])];
        _pass.Crew.Run(batch.Tokens, (row, worker) =>
        {
            _pass.Stream.Read(row, scratch[worker]);
            _pass.Unembedding.Norm(scratch[worker], scratch[worker]);
            var (prompt, position) = batch.At(row);
            double norm = Math.Sqrt(DoubleSum.OfSquaresAbout(scratch[worker], 0));
            if (!double.IsFinite(norm)) throw MeasurementErrors.NotFinite(batch.Prompts[prompt].Prompt, null, "final_norm_out", position, scratch[worker]);
            norms[prompt][position] = norm;
        });
        return norms;
    }
}
