using System.Numerics;

namespace Castalia.Checkpoints;

// A value a pickle builds is one of: null, bool, long, BigInteger, double, string, a type below, TorchTensor, StorageView.

/// <summary>A tuple.</summary>
sealed record PickleTuple(object?[] Items)
{
    public static readonly PickleTuple Empty = new([]);
}

/// <summary>A list; grows while it is read.</summary>
sealed class PickleList
{
    public List<object?> Items { get; } = [];
}

/// <summary>A dictionary in the order it was written; grows while it is read. Keys are strings, numbers or booleans.</summary>
/// <param name="ordered">It is a collections.OrderedDict.</param>
sealed class PickleDict(bool ordered)
{
    public bool Ordered => ordered;

    public OrderedDictionary<object, object?> Items { get; } = [];
}

/// <summary>One of the few Python names a checkpoint may refer to.</summary>
/// <param name="Name">With its module.</param>
/// <param name="Storage">The element type, if it is the class of a storage.</param>
sealed record PickleGlobal(string Name, DType? Storage = null);

/// <summary>Values of a pickle in words.</summary>
static class PickleValues
{
    public static string Describe(object? value) => value switch
    {
        null => "None",
        bool => "a boolean",
        long or BigInteger or double => FormattableString.Invariant($"the number {value}"),
        string text => $"the text '{text}'",
        PickleTuple tuple => $"a tuple of {tuple.Items.Length}",
        PickleList list => $"a list of {list.Items.Count}",
        PickleDict dict => $"a dictionary of {dict.Items.Count}",
        PickleGlobal global => $"the name '{global.Name}'",
        TorchTensor => "a tensor",
        StorageView => "a storage",
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, null),
    };
}
