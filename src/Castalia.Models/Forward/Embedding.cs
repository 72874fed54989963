using Castalia.Architectures;
using Castalia.Kernels;
using Castalia.Prompts;

namespace Castalia.Forward;

/// <summary>What enters the first block: token embedding, scaled, with learned position, through a norm, where the model has these.</summary>
static class Embedding
{
    /// <summary>Writes h₀ of every token.</summary>
    public static unsafe void Write(
        Architecture a, WeightReader read, RaggedBatch batch, IReadOnlyList<TokenizedPrompt> prompts, ResidualStream stream, Crew crew)
    {
        var norm = a.Tensors.ContainsKey(WeightRole.EmbeddingNorm) ? read.Norm(WeightRole.EmbeddingNorm) : null;
        using FloatBuffer rows = new(), positions = new();
        positions.Resize((long)crew.Threads * a.DModel);
        for (int i = 0; i < batch.Chunks.Count; i++)
        {
            var chunk = batch.Chunks[i];
            rows.Resize((long)chunk.Tokens * a.DModel);
            crew.Run(stream.Of(i).Strips, (strip, worker) =>
            {
                for (int row = strip * Strip.Tokens; row < Math.Min(chunk.Tokens, (strip + 1) * Strip.Tokens); row++)
                    Row(chunk.FirstToken + row, rows.Row(row, a.DModel), positions.Row(worker, a.DModel));
            });
            stream.Of(i).Pack(crew, rows.Data, chunk.Tokens, a.DModel);
        }

        void Row(int row, Span<float> h, Span<float> position)
        {
            var (prompt, at) = batch.At(row);
            read.Row(WeightRole.Embedding, prompts[prompt].Ids[at], h);
            if (a.EmbeddingScale != 1) Elementwise.Scale(h, a.EmbeddingScale);
            if (a.LearnedPositions is { } learned)
            {
                read.Row(WeightRole.Positions, at + learned.Offset, position);
                for (int i = 0; i < h.Length; i++) h[i] += position[i];
            }
            if (norm is not null) BlockPass.Norm(a, norm, h, h);
        }
    }
}
