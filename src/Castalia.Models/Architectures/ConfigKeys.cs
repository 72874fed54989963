namespace Castalia.Architectures;

/// <summary>Where a whole number of at least 1 stands in a config.</summary>
/// <param name="Names">The key and its other spellings, <c>/</c> for a key inside an object; those present must agree. None: never stated.</param>
sealed record SizeKey(params IReadOnlyList<string> Names)
{
    /// <summary>What the reference takes where no name is present; null: see <see cref="Otherwise"/>.</summary>
    public int? Default { get; init; }

    /// <summary>What it follows from where it is absent or null.</summary>
    public SizeFallback Otherwise { get; init; }

    /// <summary>What it follows from where it is null, if not from what it does where it is absent; None: null is refused.</summary>
    public SizeFallback WhenNull { get; init; }

    /// <summary>Those of the names that may be null beside another: the reference does not read them, or lets the other have the word.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>Where this holds the size is 1, whatever the keys say; null for never.</summary>
    public Flag? OneWhen { get; init; }

    /// <summary>May be stated as a list of one number a block, which must then be the same for all.</summary>
    public bool PerBlock { get; init; }
}

/// <summary>What a size follows from where the config does not state it.</summary>
enum SizeFallback
{
    /// <summary>Nothing: it must be stated.</summary>
    None,
    /// <summary>The number of query heads.</summary>
    NHeads,
    /// <summary>d_model / n_heads, which must divide.</summary>
    DModelOverNHeads,
    /// <summary>4·d_model.</summary>
    FourDModel,
    /// <summary>The rows of the stored embedding.</summary>
    EmbeddingRows,
    /// <summary>Nothing: positions have no end.</summary>
    Unlimited,
}

/// <summary>Where a real number stands in a config.</summary>
/// <param name="Names">As in <see cref="SizeKey"/>.</param>
sealed record NumberKey(params IReadOnlyList<string> Names)
{
    /// <summary>What the reference takes where no name is present; null: it must be stated, or, for what a model may lack, it has none.</summary>
    public double? Default { get; init; }

    /// <summary>A stated number that says, as an absent key does, that the model has none of it; null for no such number.</summary>
    public double? None { get; init; }
}

/// <summary>Where the name of an activation stands in a config.</summary>
/// <param name="Name">The key; null where the family has one activation only.</param>
/// <param name="Default">What the reference takes where it is absent.</param>
sealed record ActivationKey(string? Name, string Default);

/// <summary>How a yes/no property of a family's models is settled.</summary>
abstract record Flag
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

    /// <summary>By whether the checkpoint stores a tensor for any of the roles, in any block.</summary>
    public sealed record ByAnyTensor(params IReadOnlyList<WeightRole> Roles) : Flag;

    /// <summary>By whether the checkpoint stores a tensor of a name.</summary>
    public sealed record ByName(string Name) : Flag;

    /// <summary>Where another does not hold.</summary>
    public sealed record Unless(Flag Other) : Flag;

    /// <summary>Where every one holds.</summary>
    public sealed record All(params IReadOnlyList<Flag> Each) : Flag;
}

/// <summary>A value settled by flags.</summary>
abstract record Choice<T>
{
    /// <summary>The same for every model.</summary>
    public sealed record Always(T Value) : Choice<T>;

    /// <summary>One of two, settled by a flag.</summary>
    /// <param name="Flag">What decides.</param>
    /// <param name="IfTrue">Where it is true.</param>
    /// <param name="IfFalse">Where it is false.</param>
    public sealed record By(Flag Flag, Choice<T> IfTrue, Choice<T> IfFalse) : Choice<T>;

    /// <summary>The same for every model.</summary>
    public static implicit operator Choice<T>(T value) => new Always(value);
}

/// <summary>A key understood at some values only.</summary>
/// <param name="Name">The key, <c>/</c> for one inside an object.</param>
/// <param name="What">What another value would ask for.</param>
/// <param name="Allowed">Values at which it changes nothing, as text; numbers compare as numbers.</param>
sealed record LimitedKey(string Name, string What, params IReadOnlyList<string> Allowed)
{
    /// <summary>Where only some values would ask for it: those, in place of the allowed ones.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    /// <summary>A run says that it was there and asks for nothing.</summary>
    public bool IsNoted { get; init; }
}
