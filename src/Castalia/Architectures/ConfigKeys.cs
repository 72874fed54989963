namespace Castalia.Architectures;

/// <summary>Where a whole number of at least 1 stands in a config.</summary>
/// <param name="Names">The key and its other spellings, <c>/</c> for a key inside an object; those present must agree. None: never stated.</param>
public sealed record SizeKey(params IReadOnlyList<string> Names)
{
    /// <summary>What the reference takes where no name is present; null: see <see cref="Otherwise"/>.</summary>
    public int? Default { get; init; }

    /// <summary>What it follows from where it is absent or null.</summary>
    public SizeFallback Otherwise { get; init; }
}

/// <summary>What a size follows from where the config does not state it.</summary>
public enum SizeFallback
{
    /// <summary>Nothing: it must be stated.</summary>
    None,
    /// <summary>The number of query heads.</summary>
    NHeads,
    /// <summary>d_model / n_heads, which must divide.</summary>
    DModelOverNHeads,
    /// <summary>The rows of the stored embedding.</summary>
    EmbeddingRows,
}

/// <summary>Where a real number stands in a config.</summary>
/// <param name="Names">As in <see cref="SizeKey"/>.</param>
public sealed record NumberKey(params IReadOnlyList<string> Names)
{
    /// <summary>What the reference takes where no name is present; null: it must be stated.</summary>
    public double? Default { get; init; }
}

/// <summary>Where the name of an activation stands in a config.</summary>
/// <param name="Name">The key; null where the family has one activation only.</param>
/// <param name="Default">What the reference takes where it is absent.</param>
public sealed record ActivationKey(string? Name, string Default);

/// <summary>How a yes/no property of a family's models is settled.</summary>
public abstract record Flag
{
    /// <summary>The same for every model.</summary>
    /// <param name="Value">The answer.</param>
    public sealed record Always(bool Value) : Flag;

    /// <summary>By a true/false key of the config.</summary>
    /// <param name="Name">The key.</param>
    /// <param name="Default">What the reference takes where it is absent.</param>
    public sealed record ByKey(string Name, bool Default) : Flag;

    /// <summary>By whether the checkpoint stores a tensor for the role (in block 0, for a role of a block).</summary>
    /// <param name="Role">The role.</param>
    /// <param name="WhenStored">The answer where it does.</param>
    public sealed record ByTensor(WeightRole Role, bool WhenStored = true) : Flag;
}

/// <summary>One of two values, settled by a flag.</summary>
/// <param name="Flag">What decides.</param>
/// <param name="IfTrue">The value where it is true.</param>
/// <param name="IfFalse">The value where it is false.</param>
public sealed record Choice<T>(Flag Flag, T IfTrue, T IfFalse)
{
    /// <summary>The same for every model.</summary>
    public static implicit operator Choice<T>(T value) => new(new Flag.Always(true), value, value);
}

/// <summary>A key understood at some values only.</summary>
/// <param name="Name">The key.</param>
/// <param name="What">What another value would ask for.</param>
/// <param name="Allowed">Values at which it changes nothing, as text; numbers compare as numbers.</param>
public sealed record LimitedKey(string Name, string What, params IReadOnlyList<string> Allowed);
