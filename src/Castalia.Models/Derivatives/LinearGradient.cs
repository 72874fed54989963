using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>∂W = ∂yᵀ·x of linear layers: of every entry one chain over the tokens, ascending.</summary>
/// <param name="crew">Threads; no figure depends on them.</param>
/// <param name="sums">Where gradients go.</param>
sealed unsafe class LinearGradient(Crew crew, GradientSums sums) : IDisposable
{
    const int Panel = PlainMatMul.Panel, Rows = PlainMatMul.Rows, Most = 256, Depth = 128, PiecesPerThread = 4; // outputs or inputs of a piece, and tokens, at a time

    readonly FloatBuffer[] _scratch = [.. Enumerable.Range(0, crew.Threads).Select(_ => new FloatBuffer())];

    /// <summary>A layer's two factors.</summary>
    /// <param name="Role">Of its matrix.</param>
    /// <param name="Dy">∂y, [tokens × out].</param>
    /// <param name="X">x, [tokens × in].</param>
    public sealed record Factors(WeightRole Role, PaddedRows Dy, PaddedRows X);

    sealed record Piece(StoredWeight Weight, Factors Of, int First, int Outputs, int Column, int Inputs);

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
            int padded = PaddedRows.Up(piece.Inputs);
            float* panels = _scratch[worker].Resize((long)Depth * (padded + Rows) + (long)piece.Outputs * padded).Data, outputs = panels + (long)Depth * padded, product = outputs + Depth * Rows;
            Multiply(piece, panels, outputs, product);
            for (int column = 0; column < piece.Inputs; column += Panel)
                sums.Add(piece.Weight, product + (long)column * piece.Outputs, piece.First, piece.Outputs, piece.Column + column);
        });
    }

    /// <summary>As large as leaves every thread some; the cut changes no bit.</summary>
    List<Piece> Cut(int? layer, IReadOnlyList<Factors> layers)
    {
        long wanted = PiecesPerThread * crew.Threads, whole = layers.Sum(of => (long)of.Dy.Columns * of.X.Columns);
        int inputs = Most;
        while (inputs > Panel && whole / ((long)Most * inputs) < wanted) inputs /= 2;
        List<Piece> pieces = [];
        foreach (var of in layers)
            for (int first = 0; first < of.Dy.Columns; first += Most)
                for (int column = 0; column < of.X.Columns; column += inputs)
                    pieces.Add(new(sums.Find(of.Role, layer), of, first, Math.Min(Most, of.Dy.Columns - first), column, Math.Min(inputs, of.X.Columns - column)));
        return pieces;
    }

    /// <summary>[panel × outputs × 32].</summary>
    static void Multiply(Piece piece, float* panels, float* some, float* product)
    {
        PaddedRows dy = piece.Of.Dy, x = piece.Of.X;
        for (int token = 0; token < dy.Rows; token += Depth)
        {
            int depth = Math.Min(Depth, dy.Rows - token);
            for (int column = 0; column < piece.Inputs; column += Panel) Strips.Copy(x.At(token) + piece.Column + column, x.Stride, depth, panels + (long)column * Depth, Panel);
            for (int output = 0; output < piece.Outputs; output += Rows)
            {
                int rows = Math.Min(Rows, piece.Outputs - output);
                Strips.Copy(dy.At(token) + piece.First + output, dy.Stride, depth, some, Rows);
                for (int column = 0; column < piece.Inputs; column += Panel)
                    PlainMatMul.Two(some, 1, Rows, panels + (long)column * Depth, Panel, product + (long)column * piece.Outputs + output * Panel, Panel, rows, depth, add: token > 0);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _scratch) buffer.Dispose();
    }
}
