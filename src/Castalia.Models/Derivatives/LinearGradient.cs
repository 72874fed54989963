using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>∂W = ∂yᵀ·x of linear layers: of every entry one chain over the tokens, ascending.</summary>
/// <param name="crew">Threads; no figure depends on them.</param>
/// <param name="sums">Where gradients go.</param>
sealed unsafe class LinearGradient(Crew crew, GradientSums sums) : IDisposable
{
    const int Panel = PlainMatMul.Panel, MostInputs = 512, MostEntries = 1 << 17, Depth = 64, PiecesPerThread = 2; // inputs and entries of a piece, and tokens, at a time

    readonly FloatBuffer[] _scratch = [.. Enumerable.Range(0, crew.Threads).Select(_ => new FloatBuffer())];

    /// <summary>A layer's two factors.</summary>
    /// <param name="Role">Of its matrix.</param>
    /// <param name="Dy">∂y, [tokens × out].</param>
    /// <param name="X">x, [tokens × in].</param>
    public sealed record Factors(WeightRole Role, PaddedRows Dy, PaddedRows X);

    /// <summary>Some outputs of a layer.</summary>
    readonly record struct Part(StoredWeight Weight, PaddedRows Dy, int First, int Outputs);

    /// <summary>Some inputs, for outputs of every layer that reads them.</summary>
    sealed record Piece(PaddedRows X, int Column, int Inputs, List<Part> Parts)
    {
        public int Outputs => Parts.Sum(part => part.Outputs);
    }

    /// <summary>Adds what layers' factors give.</summary>
    /// <param name="layer">Block from 0; null for what no block owns.</param>
    /// <param name="layers">The layers.</param>
    public void Add(int? layer, IReadOnlyList<Factors> layers)
    {
        var pieces = Cut(layer, layers);
        crew.Run(pieces.Count, (which, worker) =>
        {
            crew.ThrowIfCancelled();
            var piece = pieces[which];
            int padded = PaddedRows.Up(piece.Inputs), outputs = piece.Outputs;
            float* panels = _scratch[worker].Resize((long)Depth * (padded + Panel) + (long)outputs * padded).Data, strip = panels + (long)Depth * padded, product = strip + Depth * Panel;
            Multiply(piece, outputs, panels, strip, product);
            for (int column = 0; column < piece.Inputs; column += Panel)
            {
                float* from = product + (long)column * outputs;
                foreach (var part in piece.Parts)
                {
                    sums.Add(part.Weight, from, part.First, part.Outputs, piece.Column + column);
                    from += part.Outputs * Panel;
                }
            }
        });
    }

    /// <summary>As large as leaves every thread some; the cut changes no bit.</summary>
    List<Piece> Cut(int? layer, IReadOnlyList<Factors> layers)
    {
        long whole = layers.Sum(of => (long)of.Dy.Columns * of.X.Columns), wanted = crew.Threads == 1 ? 1 : PiecesPerThread * crew.Threads;
        long entries = Math.Min(MostEntries, whole / wanted);
        List<Piece> pieces = [];
        foreach (var together in layers.GroupBy(of => of.X))
        {
            int inputs = Math.Min(MostInputs, PaddedRows.Up(together.Key.Columns)), outputs = (int)Math.Max(Panel, entries / inputs / Panel * Panel);
            while (inputs > 2 * Panel && inputs > 2 * outputs) (inputs, outputs) = (PaddedRows.Up(inputs / 2), 2 * outputs);
            foreach (var parts in Parts(layer, together, outputs))
                for (int column = 0; column < together.Key.Columns; column += inputs) pieces.Add(new(together.Key, column, Math.Min(inputs, together.Key.Columns - column), parts));
        }
        return pieces;
    }

    /// <summary>Outputs of layers, one after the other, so many at a time.</summary>
    IEnumerable<List<Part>> Parts(int? layer, IEnumerable<Factors> layers, int outputs)
    {
        List<Part> parts = [];
        int free = outputs;
        foreach (var of in layers)
            for (int first = 0; first < of.Dy.Columns;)
            {
                int some = Math.Min(free, of.Dy.Columns - first);
                parts.Add(new(sums.Find(of.Role, layer), of.Dy, first, some));
                (first, free) = (first + some, free - some);
                if (free > 0) continue;
                yield return parts;
                (parts, free) = ([], outputs);
            }
        if (parts.Count > 0) yield return parts;
    }

    /// <summary>[panel × outputs × 32].</summary>
    static void Multiply(Piece piece, int outputs, float* panels, float* strip, float* product)
    {
        var x = piece.X;
        for (int token = 0; token < x.Rows; token += Depth)
        {
            int depth = Math.Min(Depth, x.Rows - token);
            for (int column = 0; column < piece.Inputs; column += Panel) Strips.Copy(x.At(token) + piece.Column + column, x.Stride, depth, panels + (long)column * Depth, Panel);
            float* to = product;
            foreach (var part in piece.Parts)
                for (int output = 0; output < part.Outputs; output += Panel)
                {
                    int rows = Math.Min(Panel, part.Outputs - output), column = 0;
                    Strips.Copy(part.Dy.At(token) + part.First + output, part.Dy.Stride, depth, strip, Panel);
                    for (; column + Panel < piece.Inputs; column += 2 * Panel)
                        PlainMatMul.Four(strip, 1, Panel, panels + (long)column * Depth, Panel, Panel * Depth, to + (long)column * outputs, Panel, (long)outputs * Panel, rows, depth, add: token > 0);
                    if (column < piece.Inputs)
                        PlainMatMul.Two(strip, 1, Panel, panels + (long)column * Depth, Panel, to + (long)column * outputs, Panel, rows, depth, add: token > 0);
                    to += rows * Panel;
                }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _scratch) buffer.Dispose();
    }
}
