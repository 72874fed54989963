using System.Globalization;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Forward;

/// <summary>A role's weight as it lies in the checkpoint.</summary>
/// <param name="Tensor">The stored tensor; a fused one is shared by several roles.</param>
/// <param name="Rows">Where the role's rows stand in it.</param>
/// <param name="Out">Rows of the role; of a vector its length.</param>
/// <param name="In">Columns of the role; of a vector 1.</param>
/// <param name="Transposed">Stored [in × out].</param>
public sealed record StoredWeight(Tensor Tensor, RowOrder Rows, int Out, int In, bool Transposed = false);

/// <summary>Every weight a description asks for, found in a checkpoint in which nothing else is left over.</summary>
public sealed class WeightMap
{
    const int Global = -1; // the "layer" of what no block owns

    readonly Architecture _architecture;
    readonly Dictionary<(WeightRole Role, int Layer, int Part), StoredWeight> _weights = [];
    readonly List<(int Layer, Tensor Tensor)> _read = [];
    readonly List<string> _notes = [];

    WeightMap(Architecture architecture) => _architecture = architecture;

    /// <summary>The description.</summary>
    public Architecture Architecture => _architecture;

    /// <summary>Elements of the tensors the arithmetic reads; a tied matrix once, buffers not counted.</summary>
    public long Parameters => _read.Sum(read => read.Tensor.Count);

    /// <summary>Bytes of the same tensors as stored.</summary>
    public long Bytes => _read.Sum(read => read.Tensor.ByteLength);

    /// <summary>The tensors the arithmetic reads, each once: embedding and head first, then block by block.</summary>
    public IEnumerable<Tensor> Tensors => _read.Select(read => read.Tensor);

    /// <summary>What a run must say: tensors known to be unused, a tied head found stored twice, what the file cannot tell.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>One block's tensors, each once.</summary>
    public IEnumerable<Tensor> TensorsOf(int layer) => _read.Where(read => read.Layer == layer).Select(read => read.Tensor);

    /// <summary>Bytes of one block's matrices that are read as they lie in the mapping; the others are copied some rows at a time.</summary>
    internal long MappedBytes(int layer) => _weights
        .Where(weight => weight.Key.Layer == layer && (weight.Value.Transposed || !weight.Value.Tensor.IsContiguous))
        .Select(weight => weight.Value.Tensor).Distinct().Sum(tensor => tensor.ByteLength);

    /// <summary>Bytes of the longest stored row.</summary>
    internal long WidestRow => _weights.Values.Max(weight => weight.Tensor.ByteLength / Math.Max(1, weight.Tensor.Rows));

    /// <summary>Bytes of one block's tensors as stored.</summary>
    public long BlockBytes(int layer) => _read.Where(read => read.Layer == layer).Sum(read => read.Tensor.ByteLength);

    /// <summary>The weight behind a role; null where the description has none. A tied unembedding is the embedding.</summary>
    /// <param name="role">The role.</param>
    /// <param name="layer">Block index from 0; null for what no block owns.</param>
    /// <param name="part">Expert or head, from 0, where each has a tensor of its own.</param>
    public StoredWeight? Find(WeightRole role, int? layer = null, int part = 0) => _weights.GetValueOrDefault((role, layer ?? Global, part));

    /// <summary>Finds every weight of the description and accounts for every tensor of the checkpoint.</summary>
    /// <exception cref="InputException">A weight that is missing, misshapen or no numbers; a tensor nobody reads.</exception>
    public static WeightMap Bind(Architecture architecture, Checkpoint checkpoint)
    {
        var map = new WeightMap(architecture);
        HashSet<string> consumed = new(StringComparer.Ordinal);
        ILookup<bool, WeightRole> roles = WeightShapes.Needed(architecture).ToLookup(WeightShapes.IsPerLayer);
        map.BindAll(roles[false], Global, checkpoint, consumed);
        for (int layer = 0; layer < architecture.NLayers; layer++) map.BindAll(roles[true], layer, checkpoint, consumed);
        if (architecture.Rotary?.StoredDivisors is not null) consumed.Add(architecture.Family.Rotary!.StoredDivisors!);
        if (architecture.TiedUnembedding) map.Tie(checkpoint, consumed);
        map.RefuseLeftovers(checkpoint, consumed);
        map._notes.AddRange(architecture.Caveats);
        return map;
    }

    void BindAll(IEnumerable<WeightRole> roles, int layer, Checkpoint checkpoint, HashSet<string> consumed)
    {
        var slots = from role in roles
                    from part in Enumerable.Range(0, WeightShapes.Parts(_architecture, role))
                    let slot = _architecture.Tensors[role]
                    select (Role: role, Part: part, Slot: slot, Name: slot.NameIn(layer, part));
        foreach (var sharing in slots.GroupBy(r => r.Name))
        {
            string name = sharing.Key;
            if (!checkpoint.Tensors.TryGetValue(name, out Tensor? tensor))
                throw sharing.First().Role == WeightRole.Unembedding
                    ? WeightErrors.MissingUnembedding(name, checkpoint)
                    : WeightErrors.Missing(name, checkpoint);
            if (!consumed.Add(name) || sharing.Count() != RowOrders.RolesPerTensor(sharing.First().Slot.Rows))
                throw new InvalidOperationException(
                    $"{_architecture.Family.Title} gives tensor '{name}' to roles that cannot share it.");
            CheckShape(tensor, [.. sharing.Select(r => r.Role)]);
            foreach (var (role, part, slot, _) in sharing)
            {
                if (!tensor.DType.IsArithmetic()) throw WeightErrors.NotArithmetic(tensor, role);
                (int rows, int columns) = WeightShapes.Of(_architecture, role);
                bool isPartOfVector = slot.InParts && WeightShapes.IsVector(role);
                _weights[(role, layer, part)] = new(
                    tensor, slot.Rows, isPartOfVector ? rows / WeightShapes.Parts(_architecture, role) : rows, columns, slot.Transposed);
            }
            _read.Add((layer, tensor));
        }
    }

    void CheckShape(Tensor tensor, IReadOnlyList<WeightRole> roles)
    {
        long[] expected = WeightShapes.Stored(_architecture, roles);
        if (tensor.Shape.SequenceEqual(expected)) return;
        bool isVocabulary = roles[0] is WeightRole.Embedding or WeightRole.Unembedding;
        if (isVocabulary && tensor.Shape is [_, var width] && width == _architecture.DModel)
            throw WeightErrors.VocabularyRows(tensor, _architecture.DVocab, _architecture.DModel);
        throw WeightErrors.WrongShape(tensor, expected, string.Join(", ", roles));
    }

    void Tie(Checkpoint checkpoint, HashSet<string> consumed)
    {
        StoredWeight embedding = _weights[(WeightRole.Embedding, Global, 0)];
        _weights[(WeightRole.Unembedding, Global, 0)] = embedding;
        if (_architecture.Tensors.GetValueOrDefault(WeightRole.Unembedding)?.Name is not { } name) return;
        if (!checkpoint.Tensors.TryGetValue(name, out Tensor? head)) return;
        if (!SameBytes(head, embedding.Tensor, checkpoint)) throw WeightErrors.TiedButDifferent(head, embedding.Tensor);
        consumed.Add(name);
        _notes.Add($"'{name}' is stored though tied; it equals '{embedding.Tensor.Name}' byte for byte and is counted once.");
    }

    void RefuseLeftovers(Checkpoint checkpoint, HashSet<string> consumed)
    {
        List<Tensor> unused = [];
        string[] known = [.. _architecture.KnownUnused];
        var counts = known.ToDictionary(pattern => pattern, _ => 0);
        foreach ((string name, Tensor tensor) in checkpoint.Tensors.Where(pair => !consumed.Contains(pair.Key)))
        {
            if (known.FirstOrDefault(p => Matches(p, name)) is { } pattern) counts[pattern]++;
            else unused.Add(tensor);
        }
        if (unused.Count > 0)
            throw WeightErrors.Unused([.. unused.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)], _architecture);
        foreach ((string pattern, int count) in counts.Where(pair => pair.Value > 0))
            _notes.Add(string.Create(CultureInfo.InvariantCulture, $"{count} × {pattern}: known to be unused, not read"));
    }

    /// <summary>Whether a name is the pattern at a block the model has.</summary>
    bool Matches(string pattern, string name)
    {
        string[] around = pattern.Split("{layer}");
        if (around.Length == 1) return name == pattern;
        if (name.Length <= around[0].Length + around[1].Length) return false;
        ReadOnlySpan<char> middle = name.AsSpan()[around[0].Length..^around[1].Length];
        return name.StartsWith(around[0], StringComparison.Ordinal) && name.EndsWith(around[1], StringComparison.Ordinal) &&
               int.TryParse(middle, NumberStyles.None, CultureInfo.InvariantCulture, out int layer) &&
               layer < _architecture.NLayers;
    }

    /// <summary>Whether two tensors are equal; what has been compared leaves the process again.</summary>
    static unsafe bool SameBytes(Tensor a, Tensor b, Checkpoint checkpoint)
    {
        if (a.DType != b.DType || !a.Shape.SequenceEqual(b.Shape) || a.ByteLength != b.ByteLength) return false;
        if (!a.IsContiguous || !b.IsContiguous) return SameRows(a, b);
        const int step = 64 << 20;
        for (long at = 0; at < a.ByteLength; at += step)
        {
            int n = (int)Math.Min(step, a.ByteLength - at);
            bool same = new ReadOnlySpan<byte>(a.Data + at, n).SequenceEqual(new ReadOnlySpan<byte>(b.Data + at, n));
            checkpoint.RangeOf(a)?.Slice(at, n).Drop();
            checkpoint.RangeOf(b)?.Slice(at, n).Drop();
            if (!same) return false;
        }
        return true;
    }

    static bool SameRows(Tensor a, Tensor b)
    {
        int size = a.DType.Block().Bytes, step = (int)Math.Min(1 << 12, a.Columns);
        byte[] ofA = new byte[step * size], ofB = new byte[step * size];
        for (long row = 0; row < a.Rows; row++)
        {
            for (long at = 0; at < a.Columns; at += step)
            {
                int bytes = (int)Math.Min(step, a.Columns - at) * size;
                a.CopyRow(row, at, ofA.AsSpan(0, bytes));
                b.CopyRow(row, at, ofB.AsSpan(0, bytes));
                if (!ofA.AsSpan(0, bytes).SequenceEqual(ofB.AsSpan(0, bytes))) return false;
            }
        }
        return true;
    }
}
