namespace Castalia.Runs;

/// <summary>Guards what is published: G² = 1 + 2(p_a + p_m) + s_a + s_m + x must hold for every reading.</summary>
public static class ClosureCheck
{
    /// <summary>Largest relative error of the identity, in float64 sums of float32 activations.</summary>
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
                    if (blocks[layer][t].NormPre == 0 || blocks[layer][t].Closure <= Largest) continue;
                    throw new InvalidOperationException(FormattableString.Invariant(
                        $"The decomposition of the gain does not close at model {model.Name}, prompt {model.Measurement.Prompts[p].Prompt.Name}, layer {layer}, position {t}: relative error {blocks[layer][t].Closure:E2}, at most {Largest:E0} allowed."));
                }
            }
        }
    }
}
