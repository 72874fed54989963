using Castalia.Architectures;
using Castalia.Kernels;
using Castalia.Prompts;

namespace Castalia.Forward;

/// <summary>What enters the first block: token embedding, scaled, with learned position, through a norm, where the model has these.</summary>
static class Embedding
{
    /// <summary>Writes h₀ of every token, [tokens × d_model].</summary>
    public static void Write(
        Architecture a, WeightReader read, RaggedBatch batch, IReadOnlyList<TokenizedPrompt> prompts, FloatBuffer stream, Crew crew)
    {
        const int rowsPerPiece = 64;
        var norm = a.Tensors.ContainsKey(WeightRole.EmbeddingNorm) ? read.Norm(WeightRole.EmbeddingNorm) : null;
        float[][] positions = [.. Enumerable.Range(0, crew.Threads).Select(_ => new float[a.DModel])];
        crew.Run((batch.Tokens + rowsPerPiece - 1) / rowsPerPiece, (piece, worker) =>
            Rows(piece * rowsPerPiece, Math.Min(batch.Tokens, (piece + 1) * rowsPerPiece), positions[worker]));

        void Rows(int first, int end, float[] position)
        {
            for (int row = first; row < end; row++) Row(row, position);
        }

        void Row(int row, float[] position)
        {
            var (prompt, at) = batch.At(row);
            var h = stream.Row(row, a.DModel);
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
