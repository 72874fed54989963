namespace Castalia.Fuzzing.Mutation;

/// <summary>What stands at a place of a file, and so what may be put there instead.</summary>
enum RegionKind
{
    /// <summary>A JSON value.</summary>
    JsonValue,
    /// <summary>A JSON key with its quotation marks.</summary>
    JsonKey,
    /// <summary>A little-endian number of 1, 2, 4 or 8 bytes.</summary>
    Number,
    /// <summary>A protobuf varint.</summary>
    Varint,
    /// <summary>Text without quotation marks.</summary>
    Text,
    /// <summary>One of several: a member, an element, an entry, a line, an instruction. It can be left out, stand twice or elsewhere.</summary>
    Item,
}

/// <summary>A number of a file that says how long or how many something is.</summary>
/// <param name="At">Where it stands.</param>
/// <param name="Width">Its bytes.</param>
/// <param name="Counts">Items, not bytes.</param>
/// <param name="IsVarint">Of protobuf.</param>
sealed record LengthField(int At, int Width, bool Counts = false, bool IsVarint = false);

/// <summary>A place of a file that a mutation can replace and still leave a file of the format.</summary>
/// <param name="Kind">What stands there.</param>
/// <param name="Start">First byte.</param>
/// <param name="End">First byte behind it.</param>
sealed record Region(RegionKind Kind, int Start, int End)
{
    /// <summary>The numbers that must follow when its length changes, or when it is left out or stands twice.</summary>
    public IReadOnlyList<LengthField> Lengths { get; init; } = [];

    /// <summary>What the value is of: a key, a kind of line. Values of one hint can stand for each other.</summary>
    public string Hint { get; init; } = "";
}
