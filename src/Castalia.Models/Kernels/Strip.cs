namespace Castalia.Kernels;

/// <summary>Sixteen tokens side by side, [width × 16] with a stride: an operation that treats tokens alike takes them in the lanes of a vector.</summary>
/// <param name="data">First value: dimension 0 of the first token.</param>
/// <param name="stride">Values from one dimension to the next.</param>
/// <param name="width">Dimensions.</param>
readonly unsafe struct Strip(float* data, int stride, int width)
{
    /// <summary>Tokens of a strip.</summary>
    public const int Tokens = 16;

    /// <summary>First value.</summary>
    public float* Data => data;

    /// <summary>Values from one dimension to the next.</summary>
    public int Stride => stride;

    /// <summary>Dimensions.</summary>
    public int Width => width;

    /// <summary>Refuses strips that do not go together.</summary>
    public void Require(Strip other)
    {
        if (other.Width != Width) throw new ArgumentException($"Strips of width {Width} and {other.Width}.", nameof(other));
    }
}
