using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>All that a checkpoint's pickle may name and call, and the storages it refers to.</summary>
/// <remarks>The forms are those of torch/_utils.py and torch/serialization.py; read back in tests as torch 1.13 and 2.13 write them.</remarks>
/// <param name="file">For messages, and for what a storage can hold at most.</param>
/// <param name="legacy">Written before torch 1.6 or as then: storages may have parts with names of their own.</param>
sealed class TorchObjects(MappedFile file, bool legacy)
{
    const int MostAxes = 16;
    const string OrderedDict = "collections.OrderedDict";
    const string RebuildTensor = "torch._utils._rebuild_tensor_v2";
    const string RebuildParameter = "torch._utils._rebuild_parameter";
    const string Size = "torch.Size", Device = "torch.device";

    /// <summary>The names in words, for messages.</summary>
    public const string Known = $"{OrderedDict}, {RebuildTensor}, {RebuildParameter} and the storages of " +
        "F64, F32, F16, BF16, bool and integers up to 64 bits";

    /// <summary>What trainers note of themselves beside the weights; nothing follows from it.</summary>
    static readonly string[] Inert =
    [
        Size, Device, "torch.float64", "torch.float32", "torch.float16", "torch.bfloat16", "torch.int64", "torch.int32", "torch.int16", "torch.int8", "torch.uint8", "torch.bool",
    ];

    static readonly Dictionary<string, PickleGlobal> Names = new PickleGlobal[]
    {
        new(OrderedDict),
        new(RebuildTensor),
        new(RebuildParameter),
        new("torch.DoubleStorage", DType.F64),
        new("torch.FloatStorage", DType.F32),
        new("torch.HalfStorage", DType.F16),
        new("torch.BFloat16Storage", DType.BF16),
        new("torch.BoolStorage", DType.Bool),
        new("torch.ByteStorage", DType.U8),
        new("torch.CharStorage", DType.I8),
        new("torch.ShortStorage", DType.I16),
        new("torch.IntStorage", DType.I32),
        new("torch.LongStorage", DType.I64),
        new("torch.storage.UntypedStorage", DType.U8),
    }.Concat(Inert.Select(name => new PickleGlobal(name))).ToDictionary(global => global.Name, StringComparer.Ordinal);

    readonly Dictionary<string, TorchStorage> _storages = new(StringComparer.Ordinal);
    readonly Dictionary<string, StorageView> _views = new(StringComparer.Ordinal); // storages and their parts share one set of keys

    /// <summary>The storages referred to so far, by key.</summary>
    public IReadOnlyDictionary<string, TorchStorage> Storages => _storages;

    /// <summary>A Python name.</summary>
    /// <exception cref="InputException">Not one of the few.</exception>
    public PickleGlobal Global(string module, string name, long at) =>
        Names.GetValueOrDefault($"{module}.{name}") ?? throw PickleErrors.Global(file.Path, at, $"{module}.{name}");

    /// <summary>What a call of a name gives.</summary>
    /// <exception cref="InputException">Not a call that torch writes.</exception>
    public object Call(PickleGlobal function, object?[] arguments, long at) => (function.Name, arguments) switch
    {
        (OrderedDict, []) => new PickleDict(ordered: true),
        (RebuildParameter, [TorchTensor tensor, bool, PickleDict]) => tensor,
        (Size, [PickleTuple lengths]) => lengths,
        (Device, [string] or [string, long]) => new PickleTuple(arguments),
        (RebuildTensor, [StorageView view, long offset, PickleTuple shape, PickleTuple strides, bool, PickleDict, .. var rest])
            => Rebuilt(view, offset, Lengths(shape, at), Lengths(strides, at), rest, at),
        _ => throw Malformed(at, $"'{function.Name}' is called with ({string.Join(", ", arguments.Select(PickleValues.Describe))})."),
    };

    /// <summary>A storage by what torch calls its persistent id.</summary>
    /// <exception cref="InputException">Not a storage, one larger than the file, or two that disagree.</exception>
    public StorageView Storage(object? id, long at)
    {
        if (id is not PickleTuple { Items: ["storage", PickleGlobal { Storage: { } dType }, string key, string, long count, .. var rest] } ||
            rest.Length != (legacy ? 1 : 0))
            throw Malformed(at, $"A persistent id is {Shown(id)}; expected a storage's type, key, place and number of elements.");
        if (count < 0 || count > file.Length / dType.Block().Bytes)
            throw Malformed(at, $"Storage '{key}' has {count} elements of {dType}; the file has {file.Length} bytes.");
        var storage = new TorchStorage(key, dType, count);
        var whole = Agreed(key, new(storage, 0, count), at);
        _storages[key] = storage;
        return rest is [{ } part] ? Part(storage, part, at) : whole;
    }

    StorageView Agreed(string key, StorageView view, long at)
    {
        if (_views.TryAdd(key, view) || _views[key] == view) return view;
        throw Malformed(at, $"Storage '{key}' is {Extent(view)} here and {Extent(_views[key])} elsewhere.");

        static string Extent(StorageView view) => $"{view.Count} elements of {view.Storage.DType} from {view.Start}";
    }

    StorageView Part(TorchStorage storage, object part, long at)
    {
        if (part is not PickleTuple { Items: [string key, long start, long count] })
            throw Malformed(at, $"A part of storage '{storage.Key}' is {Shown(part)}; expected its key, start and number of elements.");
        if (start < 0 || count < 0 || start > storage.Count || count > storage.Count - start)
            throw Malformed(at, $"Part '{key}' begins at element {start} and has {count} of storage '{storage.Key}', which has {storage.Count}.");
        return Agreed(key, new(storage, start, count), at);
    }

    TorchTensor Rebuilt(StorageView view, long offset, long[] shape, long[] strides, object?[] rest, long at)
    {
        if (rest is not ([] or [PickleDict { Items.Count: 0 }]))
            throw Malformed(at, "A tensor has marks beyond its storage, shape and strides (conjugated or negated elements, say).");
        if (shape.Length != strides.Length || shape.Length > MostAxes)
            throw Malformed(at, $"A tensor has {shape.Length} axes and {strides.Length} strides; expected as many, at most {MostAxes}.");
        string place = $"A tensor of shape [{string.Join(", ", shape)}] and strides [{string.Join(", ", strides)}] from element {offset}";
        if (offset < 0 || offset > view.Count || strides.Any(stride => stride < 0) || shape.Any(axis => axis < 0))
            throw Malformed(at, $"{place} does not lie in storage '{view.Storage.Key}', which has {view.Count} elements.");
        Int128 bytes = view.Storage.DType.Block().Bytes, last = offset;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            bytes *= shape[axis];
            last = Int128.Min(last + (Int128)(shape[axis] - 1) * strides[axis], long.MaxValue); // lest sixteen axes overflow
            if (bytes > long.MaxValue) throw Malformed(at, $"{place} has more elements than can be counted.");
        }
        if (bytes > 0 && last >= view.Count)
            throw Malformed(at, $"{place} reaches element {last} of storage '{view.Storage.Key}', which has {view.Count}.");
        return new(view.Storage, view.Start + offset, shape, strides);
    }

    long[] Lengths(PickleTuple tuple, long at) => tuple.Items.All(item => item is long)
        ? [.. tuple.Items.Cast<long>()]
        : throw Malformed(at, $"A shape or strides are {Shown(tuple)}; expected whole numbers.");

    static string Shown(object? value) => value is PickleTuple tuple
        ? $"({string.Join(", ", tuple.Items.Take(8).Select(PickleValues.Describe))})"
        : PickleValues.Describe(value);

    InputException Malformed(long at, string cause) => PickleErrors.Malformed(file.Path, at, cause);
}
