namespace Castalia.Runs;

/// <summary>Guards what is published: G² = 1 + 2(p_a + p_m) + s_a + s_m + x must hold for every reading.</summary>
static class ClosureCheck
{
    /// <summary>Largest error of the identity, in float64 sums of float32 activations, relative to (1 + √s_a + √s_m)², which bounds its terms.</summary>
    /// <remarks>Not to G²: where a block takes the stream almost or wholly out, large terms cancel and their rounding stays.</remarks>
    public const double Largest = 1e-9;

    /// <summary>Throws where the identity does not hold; a zero resid_pre, which has no gain, is passed over.</summary>
    /// <exception cref="InvalidOperationException">Our arithmetic is wrong; names model, prompt, block and position.</exception>
    public static void Verify(ModelRun model)
    {
        for (int p = 0; p < model.Measurement.Readings.Count; p++)
        {
            var blocks = model.Measurement.Readings[p].Blocks;
            for (int layer = 0; layer < blocks.Length; layer++)
            {
                for (int t = 0; t < blocks[layer].Length; t++)
                {
                    var b = blocks[layer][t];
                    double reach = 1 + Math.Sqrt(b.SizeAttn) + Math.Sqrt(b.SizeMlp);
                    double error = Math.Abs(b.Gain * b.Gain - (1 + 2 * (b.AlignAttn + b.AlignMlp) + b.SizeAttn + b.SizeMlp + b.Cross)) / (reach * reach);
                    if (b.NormPre == 0 || error <= Largest) continue;
                    throw new InvalidOperationException(FormattableString.Invariant(
                        $"The decomposition of the gain does not close at model {model.Name}, prompt {model.Measurement.Prompts[p].Prompt.Name}, layer {layer}, position {t}: relative error {error:E2}, at most {Largest:E0} allowed."));
                }
            }
        }
    }
}
