using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>Gradients by every stored tensor, in the layout it is stored in; what several roles share, a tied matrix too, adds up.</summary>
sealed unsafe class GradientSums : IDisposable
{
    const int Panel = PlainMatMul.Panel;

    readonly WeightMap _map;
    readonly Crew _crew;
    readonly Dictionary<Tensor, FloatBuffer> _sums = [];
    readonly SourceRows _orders;

    /// <param name="map">Where every weight is stored.</param>
    /// <param name="crew">Threads; no figure depends on them.</param>
    public GradientSums(WeightMap map, Crew crew)
    {
        (_map, _crew, _orders) = (map, crew, new(map.Architecture));
        foreach (var tensor in map.Tensors) _sums[tensor] = new FloatBuffer().Resize(tensor.Count);
    }

    /// <summary>The gradient by a stored tensor, its values in their order.</summary>
    public ReadOnlySpan<float> this[Tensor tensor] => _sums[tensor].Span(0, (int)tensor.Count);

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        const int some = 1 << 16;
        foreach (var sums in _sums.Values)
            _crew.Run((int)((sums.Length + some - 1) / some), (part, _) => sums.Span((long)part * some, (int)Math.Min(some, sums.Length - (long)part * some)).Clear());
    }

    /// <summary>The matrix behind a role, its order of rows at hand.</summary>
    public StoredWeight Find(WeightRole role, int? layer)
    {
        var stored = _map.Find(role, layer)!;
        _orders.Of(stored.Rows, stored.Out);
        return stored;
    }

    /// <summary>Adds to some rows of a panel of 32 columns of a matrix.</summary>
    /// <param name="stored">The matrix, found here before.</param>
    /// <param name="of">[rows × 32].</param>
    /// <param name="first">First row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="column">First column.</param>
    public void Add(StoredWeight stored, float* of, int first, int rows, int column)
    {
        float* sums = _sums[stored.Tensor].Data;
        int[]? sources = _orders.Of(stored.Rows, stored.Out);
        int columns = Math.Min(Panel, stored.In - column);
        long width = stored.Tensor.Columns;
        for (int row = 0; row < rows; row++, of += Panel)
        {
            long source = sources is null ? first + row : sources[first + row];
            if (stored.Transposed)
            {
                for (int k = 0; k < columns; k++) sums[(column + k) * width + source] += of[k];
                continue;
            }
            Elementwise.Add(new(sums + source * width + column, columns), new(of, columns));
        }
    }

    /// <summary>Adds to rows of a matrix that is stored as it is read, one after the other.</summary>
    /// <param name="role">Its role.</param>
    /// <param name="rows">Which, of every row of <paramref name="of"/>.</param>
    /// <param name="of">[rows × width].</param>
    /// <param name="factor">On each.</param>
    public void AddRows(WeightRole role, IReadOnlyList<int> rows, PaddedRows of, double factor)
    {
        const int some = 32;
        float* sums = _sums[_map.Find(role)!.Tensor].Data;
        _crew.Run((of.Columns + some - 1) / some, (part, _) =>
        {
            int first = part * some, count = Math.Min(some, of.Columns - first);
            for (int i = 0; i < rows.Count; i++)
            {
                float* to = sums + (long)rows[i] * of.Columns + first, from = of.At(i) + first;
                if (factor == 1) Elementwise.Add(new(to, count), new(from, count));
                else
                    for (int k = 0; k < count; k++) to[k] += (float)(factor * from[k]);
            }
        });
    }

    /// <summary>Adds to a vector, where the model has it.</summary>
    public void Add(WeightRole role, int? layer, ReadOnlySpan<double> of)
    {
        if (_map.Find(role, layer) is not { } stored) return;
        float* sums = _sums[stored.Tensor].Data;
        int[]? sources = _orders.Of(stored.Rows, of.Length);
        for (int i = 0; i < of.Length; i++) sums[sources is null ? i : sources[i]] += (float)of[i];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var sums in _sums.Values) sums.Dispose();
    }
}
