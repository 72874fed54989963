using System.Globalization;
using System.Runtime.CompilerServices;
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
sealed record StoredWeight(Tensor Tensor, RowOrder Rows, int Out, int In, bool Transposed = false);

/// <summary>A role's tensor, and where the role stands in the model.</summary>
/// <param name="Role">The role.</param>
/// <param name="Layer">Block index from 0; null for what no block owns.</param>
/// <param name="Part">Expert or head, from 0, where each has a tensor of its own.</param>
/// <param name="Tensor">The stored tensor; a fused or tied one stands behind several roles.</param>
sealed record BoundWeight(WeightRole Role, int? Layer, int Part, Tensor Tensor);

/// <summary>Every weight a description asks for, found in a checkpoint in which nothing else is left over.</summary>
sealed class WeightMap
{
    static readonly ConditionalWeakTable<Checkpoint, WeightMap> s_bound = [];

    const int Global = -1; // the "layer" of what no block owns

    readonly Architecture _architecture;
    readonly Dictionary<Place, StoredWeight> _weights = [];
    readonly List<NamedWeight> _read = [];
    readonly HashSet<string> _names = new(StringComparer.Ordinal);
    readonly List<string> _notes = [], _aliased = [];

    // Classes, and loops where roles are counted: the framework's lists, queries and tables of a tuple or an enumeration of ours are compiled
    // at every start, a hundred methods and more, those of classes are not.

    /// <summary>A tensor the arithmetic reads, the block it belongs to, and the name that the description has for it.</summary>
    internal sealed record NamedWeight(int Layer, string Name, Tensor Tensor);

    /// <summary>A role's share of the tensor that the description names for it.</summary>
    sealed record Wanted(WeightRole Role, int Part, TensorSlot Slot, string Name);

    /// <summary>Where a weight belongs. The compiler's equality would ask the framework's comparer for an enumeration of ours.</summary>
    sealed record Place(WeightRole Role, int Layer, int Part)
    {
        public bool Equals(Place? other) => other is not null && Role == other.Role && Layer == other.Layer && Part == other.Part;

        public override int GetHashCode() => (((Layer * 397) ^ Part) * 397) ^ (int)Role;
    }

    WeightMap(Architecture architecture) => _architecture = architecture;

    /// <summary>The description.</summary>
    public Architecture Architecture => _architecture;

    /// <summary>Elements of the tensors the arithmetic reads; a tied matrix once, buffers not counted.</summary>
    public long Parameters => Tensors.Sum(tensor => tensor.Count);

    /// <summary>Bytes of the same tensors as stored.</summary>
    public long Bytes => Tensors.Sum(tensor => tensor.ByteLength);

    /// <summary>The tensors the arithmetic reads, each once: embedding and head first, then block by block.</summary>
    public IEnumerable<Tensor> Tensors => _read.Select(read => read.Tensor).Distinct();

    /// <summary>The same under the names the description has for them; one that is stored once for several names under each.</summary>
    internal IReadOnlyList<NamedWeight> Named => _read;

    /// <summary>Every role with its tensor, in no order.</summary>
    public IEnumerable<BoundWeight> Bound =>
        _weights.Select(w => new BoundWeight(w.Key.Role, w.Key.Layer == Global ? null : w.Key.Layer, w.Key.Part, w.Value.Tensor));

    /// <summary>What a run must say: tensors known to be unused, a tied head found stored twice, what the file cannot tell.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>One block's tensors, each once.</summary>
    public IEnumerable<Tensor> TensorsOf(int layer) => _read.Where(read => read.Layer == layer).Select(read => read.Tensor);

    /// <summary>Bytes of one block's matrices that are read as they lie in the mapping; the others are copied some rows at a time.</summary>
    internal long MappedBytes(int layer)
    {
        HashSet<Tensor> mapped = [];
        foreach ((Place place, StoredWeight weight) in _weights)
            if (place.Layer == layer && (weight.Transposed || !weight.Tensor.IsContiguous)) mapped.Add(weight.Tensor);
        return mapped.Sum(tensor => tensor.ByteLength);
    }

    /// <summary>Bytes of the longest stored row.</summary>
    internal long WidestRow => _weights.Values.Max(weight => weight.Tensor.ByteLength / Math.Max(1, weight.Tensor.Rows));

    /// <summary>Bytes of one block's tensors as stored.</summary>
    public long BlockBytes(int layer) => _read.Where(read => read.Layer == layer).Sum(read => read.Tensor.ByteLength);

    /// <summary>The weight behind a role; null where the description has none. A tied unembedding is the embedding.</summary>
    /// <param name="role">The role.</param>
    /// <param name="layer">Block index from 0; null for what no block owns.</param>
    /// <param name="part">Expert or head, from 0, where each has a tensor of its own.</param>
    public StoredWeight? Find(WeightRole role, int? layer = null, int part = 0) =>
        _weights.GetValueOrDefault(new(role, layer ?? Global, part));

    /// <summary>Finds every weight of the description and accounts for every tensor of the checkpoint.</summary>
    /// <exception cref="InputException">A weight that is missing, misshapen or no numbers; a tensor nobody reads.</exception>
    public static WeightMap Bind(Architecture architecture, Checkpoint checkpoint) => Bind(architecture, checkpoint, compared: true);

    /// <summary>The same, known of a checkpoint that was bound with this description before.</summary>
    /// <exception cref="InputException">As <see cref="Bind(Architecture, Checkpoint)"/>.</exception>
    public static WeightMap Of(Architecture architecture, Checkpoint checkpoint)
    {
        if (s_bound.TryGetValue(checkpoint, out var known) && ReferenceEquals(known._architecture, architecture)) return known;
        var map = Bind(architecture, checkpoint);
        s_bound.AddOrUpdate(checkpoint, map);
        return map;
    }

    /// <summary>The same from the headers alone: a head that is stored though tied is taken to equal the embedding, unread.</summary>
    /// <exception cref="InputException">A weight that is missing, misshapen or no numbers; a tensor nobody reads.</exception>
    internal static WeightMap Outline(Architecture architecture, Checkpoint checkpoint) => Bind(architecture, checkpoint, compared: false);

    /// <summary>The same weights in other tensors of their shapes.</summary>
    /// <param name="tensors">The other of each.</param>
    internal WeightMap Over(IReadOnlyDictionary<Tensor, Tensor> tensors)
    {
        var map = new WeightMap(_architecture);
        foreach (var (place, weight) in _weights) map._weights[place] = weight with { Tensor = tensors[weight.Tensor] };
        foreach (var read in _read) map._read.Add(read with { Tensor = tensors[read.Tensor] });
        map._names.UnionWith(_names);
        return map;
    }

    static WeightMap Bind(Architecture architecture, Checkpoint checkpoint, bool compared)
    {
        var map = new WeightMap(architecture);
        HashSet<string> consumed = new(StringComparer.Ordinal);
        IReadOnlyList<WeightRole> needed = WeightShapes.Needed(architecture);
        map.BindAll(needed, Global, checkpoint, consumed);
        for (int layer = 0; layer < architecture.NLayers; layer++) map.BindAll(needed, layer, checkpoint, consumed);
        if (architecture.Rotary?.StoredDivisors is not null) consumed.Add(architecture.Family.Rotary!.StoredDivisors!);
        if (architecture.TiedUnembedding) map.Tie(checkpoint, consumed, compared);
        map.RefuseLeftovers(checkpoint, consumed);
        map.NoteNames(checkpoint);
        map._notes.AddRange(architecture.Caveats);
        return map;
    }

    /// <summary>What a block's roles, or the roles that no block owns, ask for, in the order of the roles.</summary>
    List<Wanted> WantedOf(IReadOnlyList<WeightRole> needed, int layer)
    {
        List<Wanted> wanted = [];
        for (int i = 0; i < needed.Count; i++)
        {
            WeightRole role = needed[i];
            if (WeightShapes.IsPerLayer(role) != (layer != Global)) continue;
            TensorSlot slot = _architecture.Tensors[role];
            int parts = WeightShapes.Parts(_architecture, role);
            for (int part = 0; part < parts; part++) wanted.Add(new(role, part, slot, slot.NameIn(layer, part)));
        }
        return wanted;
    }

    /// <summary>The tensor of a name. Of a tied matrix the head's will do where the embedding's is not stored.</summary>
    Tensor? TensorOf(Wanted wanted, Checkpoint checkpoint)
    {
        if (checkpoint.Find(wanted.Name) is { } tensor)
        {
            if (tensor.Name != wanted.Name) _aliased.Add($"'{wanted.Name}' is '{tensor.Name}'");
            return tensor;
        }
        if (wanted.Role != WeightRole.Embedding || !_architecture.TiedUnembedding) return null;
        if (_architecture.Tensors.GetValueOrDefault(WeightRole.Unembedding)?.Name is not { } head || checkpoint.Find(head) is not { } tied) return null;
        _notes.Add($"The matrix that the config ties is stored under the head's name, '{tied.Name}', only.");
        return tied;
    }

    /// <summary>Says under which other names than the description's weights were found.</summary>
    void NoteNames(Checkpoint checkpoint)
    {
        if (_architecture.NamePrefix is { Length: > 0 } prefix)
            _notes.Add($"Every name begins with '{prefix}', which is no part of the model's own names: taken off.");
        if (_aliased.Count > 0)
            _notes.Add($"Not stored, as the file says, because equal to another: {string.Join(", ", _aliased.Take(3))}" +
                (_aliased.Count > 3 ? string.Create(CultureInfo.InvariantCulture, $" and {_aliased.Count - 3} more.") : "."));
        _notes.AddRange(checkpoint.Notes);
    }

    void BindAll(IReadOnlyList<WeightRole> needed, int layer, Checkpoint checkpoint, HashSet<string> consumed)
    {
        foreach (var group in WantedOf(needed, layer).GroupBy(wanted => wanted.Name))
        {
            string name = group.Key;
            Wanted[] sharing = [.. group];
            if (TensorOf(sharing[0], checkpoint) is not { } tensor)
            {
                if (sharing.All(wanted => wanted.Slot.Optional)) continue;
                throw MissingError(sharing[0], checkpoint);
            }
            consumed.Add(tensor.Name);
            if (!_names.Add(name) || sharing.Length != RowOrders.RolesPerTensor(sharing[0].Slot.Rows))
                throw new InvalidOperationException(
                    $"{_architecture.Family.Title} gives tensor '{name}' to roles that cannot share it.");
            CheckShape(tensor, sharing);
            foreach (var (role, part, slot, _) in sharing)
            {
                if (!tensor.DType.IsArithmetic()) throw WeightErrors.NotArithmetic(tensor, role);
                (int rows, int columns) = WeightShapes.Of(_architecture, role);
                bool isPartOfVector = slot.InParts && WeightShapes.IsVector(role);
                _weights[new(role, layer, part)] = new(
                    tensor, slot.Rows, isPartOfVector ? rows / WeightShapes.Parts(_architecture, role) : rows, columns, slot.Transposed);
            }
            _read.Add(new(layer, name, tensor));
        }
    }

    InputException MissingError(Wanted wanted, Checkpoint checkpoint) =>
        wanted.Role == WeightRole.Unembedding ? WeightErrors.MissingUnembedding(wanted.Name, checkpoint)
        : wanted.Role == WeightRole.Embedding && _architecture.Tensors.GetValueOrDefault(WeightRole.Unembedding)?.Name is { } head && checkpoint.Find(head) is not null
            ? WeightErrors.MissingEmbedding(wanted.Name, head, checkpoint)
        : WeightErrors.Missing(wanted.Name, _architecture.Family, _architecture.NLayers, checkpoint);

    void CheckShape(Tensor tensor, Wanted[] sharing)
    {
        var roles = new WeightRole[sharing.Length];
        for (int i = 0; i < roles.Length; i++) roles[i] = sharing[i].Role;
        long[] expected = WeightShapes.Stored(_architecture, roles);
        if (tensor.Shape.SequenceEqual(expected)) return;
        bool isVocabulary = roles[0] is WeightRole.Embedding or WeightRole.Unembedding;
        if (isVocabulary && tensor.Shape is [_, var width] && width == _architecture.DModel)
            throw WeightErrors.VocabularyRows(tensor, _architecture.DVocab, _architecture.DModel);
        throw WeightErrors.WrongShape(tensor, expected, string.Join(", ", roles));
    }

    void Tie(Checkpoint checkpoint, HashSet<string> consumed, bool compared)
    {
        StoredWeight embedding = _weights[new(WeightRole.Embedding, Global, 0)];
        _weights[new(WeightRole.Unembedding, Global, 0)] = embedding;
        if (_architecture.Tensors.GetValueOrDefault(WeightRole.Unembedding)?.Name is not { } name) return;
        if (checkpoint.Find(name) is not { } head || ReferenceEquals(head, embedding.Tensor)) return;
        if (compared && !SameBytes(head, embedding.Tensor, checkpoint)) throw WeightErrors.TiedButDifferent(head, embedding.Tensor);
        consumed.Add(head.Name);
        _notes.Add($"'{head.Name}' is stored though tied; it {(compared ? "equals" : "must equal")} '{embedding.Tensor.Name}' byte for byte and is counted once.");
    }

    void RefuseLeftovers(Checkpoint checkpoint, HashSet<string> consumed)
    {
        List<Tensor> unused = [];
        string[] known = [.. _architecture.KnownUnused];
        var counts = known.ToDictionary(pattern => pattern, _ => 0);
        foreach ((string name, Tensor tensor) in checkpoint.Tensors)
        {
            if (consumed.Contains(name)) continue;
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
