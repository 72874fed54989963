namespace Castalia.Forward;

/// <summary>Keys and values of a prompt in one block that other entries of the batch have too, [tokens × n_kv_heads·head_dim] each, as they went into the scores.</summary>
sealed unsafe class KeyValueRows : IDisposable
{
    readonly FloatBuffer _keys = new(), _values = new();

    /// <summary>Makes room; what was there is lost.</summary>
    public void Resize(int tokens, int width)
    {
        _keys.Resize((long)tokens * width);
        _values.Resize((long)tokens * width);
    }

    /// <summary>Keeps those of some consecutive positions.</summary>
    public void Keep(int position, int count, float* keys, float* values, int width)
    {
        new ReadOnlySpan<float>(keys, count * width).CopyTo(_keys.Span((long)position * width, count * width));
        new ReadOnlySpan<float>(values, count * width).CopyTo(_values.Span((long)position * width, count * width));
    }

    /// <summary>Those of some consecutive positions.</summary>
    public void Copy(int position, int count, float* keys, float* values, int width)
    {
        _keys.Span((long)position * width, count * width).CopyTo(new(keys, count * width));
        _values.Span((long)position * width, count * width).CopyTo(new(values, count * width));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys.Dispose();
        _values.Dispose();
    }
}
