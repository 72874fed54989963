using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Prompts;

namespace Castalia.Derivatives;

/// <summary>Writes the gradient of each prompt's loss to a safetensors file, float32: <c>p{prompt}.{tensor}</c>, prompts from 0, tensors by name and shape as stored.</summary>
static class GradientFile
{
    /// <summary>Runs the prompts, one after the other, and writes the file; it appears under its name when it is complete.</summary>
    /// <param name="checkpoint">The open checkpoint.</param>
    /// <param name="architecture">Its description, or another that its tensors fit.</param>
    /// <param name="prompts">Prompts of at least two tokens each.</param>
    /// <param name="threads">Threads; no figure depends on them.</param>
    /// <param name="file">Where it is to appear.</param>
    /// <param name="texts">What it says of itself.</param>
    /// <param name="done">Told after every prompt; may be null.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <returns>The mean cross-entropy of each prompt's next tokens, nats.</returns>
    /// <exception cref="InputException">As ModelGradient; a gradient that is no finite number; the file cannot be written.</exception>
    public static IReadOnlyList<double> Write(
        Checkpoint checkpoint, Architecture architecture, IReadOnlyList<TokenizedPrompt> prompts, int threads, string file, IReadOnlyDictionary<string, string> texts,
        Action<int>? done, CancellationToken cancellation)
    {
        using var gradient = new ModelGradient(checkpoint, architecture, threads, cancellation);
        foreach (var prompt in prompts)
            if (prompt.Ids.Count < 2) throw GradientErrors.NothingPredicted(prompt.Prompt);
        Tensor[] tensors = [.. gradient.Tensors];
        using var written = SafetensorsWriter.Create(
            file, [.. prompts.SelectMany((_, p) => tensors.Select(tensor => new SafetensorsEntry(NameOf(p, tensor), DType.F32, tensor.Shape)))], texts);
        double[] losses = new double[prompts.Count];
        for (int p = 0; p < prompts.Count; p++)
        {
            losses[p] = gradient.Take([prompts[p]]);
            foreach (var tensor in tensors)
            {
                var values = gradient[tensor];
                foreach (float value in values)
                    if (!float.IsFinite(value)) throw GradientErrors.NotFinite(prompts[p].Prompt, tensor.Name);
                written.Write(NameOf(p, tensor), 0, values);
            }
            done?.Invoke(p + 1);
        }
        written.Complete();
        return losses;
    }

    static string NameOf(int prompt, Tensor tensor) => FormattableString.Invariant($"p{prompt}.{tensor.Name}");
}
