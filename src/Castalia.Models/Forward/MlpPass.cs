using Castalia.Architectures;
using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>What a block does beside attention.</summary>
interface IMlpPass : IDisposable
{
    /// <summary>Writes mlp_out before any post-norm.</summary>
    /// <param name="input">mlp_in.</param>
    /// <param name="weights">The block.</param>
    /// <param name="mlpPost">mlp_post, written; null where the architecture has no such site.</param>
    /// <param name="mlpOut">Written.</param>
    /// <param name="between">Called when mlp_post is there, before it is read; never where the architecture has no such site; null for nobody.</param>
    void Run(PackedTokens input, BlockWeights weights, PackedTokens? mlpPost, PackedTokens mlpOut, Action? between = null);
}

/// <summary>One MLP for every token.</summary>
sealed class MlpPass(Architecture architecture, Crew crew, LinearPass linear) : IMlpPass
{
    const int ColumnsPerPiece = 512;

    readonly PackedTokens _up = new();

    /// <inheritdoc/>
    public void Run(PackedTokens input, BlockWeights weights, PackedTokens? mlpPost, PackedTokens mlpOut, Action? between = null)
    {
        ArgumentNullException.ThrowIfNull(mlpPost);
        Run(input, weights.Mlps[0], mlpPost, new LinearOutput(weights.Mlps[0].Down, mlpOut), between);
    }

    /// <summary>The same for one MLP of the block.</summary>
    /// <param name="input">Packed tokens.</param>
    /// <param name="weights">The MLP.</param>
    /// <param name="mlpPost">Written.</param>
    /// <param name="down">Its down projection, and where that goes.</param>
    /// <param name="between">Called before the down projection; null for nobody.</param>
    public void Run(PackedTokens input, MlpWeights weights, PackedTokens mlpPost, LinearOutput down, Action? between = null)
    {
        if (weights.Gate is { } gate)
        {
            linear.Run(input, new LinearOutput(gate, mlpPost), new LinearOutput(weights.Up, _up));
            int parts = (mlpPost.Width + ColumnsPerPiece - 1) / ColumnsPerPiece;
            crew.Run(mlpPost.Panels * parts, (piece, _) =>
            {
                var (panel, part) = Math.DivRem(piece, parts);
                int columns = Math.Min(ColumnsPerPiece, mlpPost.Width - part * ColumnsPerPiece);
                Gated(mlpPost.Columns(panel, part * ColumnsPerPiece, columns), _up.Columns(panel, part * ColumnsPerPiece, columns));
            });
        }
        else
        {
            linear.Run(input, new LinearOutput(weights.Up, mlpPost, Plain));
        }
        between?.Invoke();
        linear.Run(mlpPost, down);
    }

    void Plain(Span<float> x) => Apply(architecture.Activation, x);

    /// <summary>x ← f(x).</summary>
    public static void Apply(Activation activation, Span<float> x)
    {
        switch (activation)
        {
            case Activation.GeluErf: Elementwise.Apply<GeluErf>(x); break;
            case Activation.GeluTanh: Elementwise.Apply<GeluTanh>(x); break;
            case Activation.QuickGelu: Elementwise.Apply<QuickGelu>(x); break;
            case Activation.Silu: Elementwise.Apply<Silu>(x); break;
            case Activation.Relu: Elementwise.Apply<Relu>(x); break;
            case Activation.SquaredRelu: Elementwise.Apply<SquaredRelu>(x); break;
            default: throw Unknown(activation);
        }
    }

    void Gated(Span<float> gate, ReadOnlySpan<float> up)
    {
        switch (architecture.Activation)
        {
            case Activation.GeluErf: Elementwise.ApplyGated<GeluErf>(gate, up); break;
            case Activation.GeluTanh: Elementwise.ApplyGated<GeluTanh>(gate, up); break;
            case Activation.QuickGelu: Elementwise.ApplyGated<QuickGelu>(gate, up); break;
            case Activation.Silu: Elementwise.ApplyGated<Silu>(gate, up); break;
            case Activation.Relu: Elementwise.ApplyGated<Relu>(gate, up); break;
            case Activation.SquaredRelu: Elementwise.ApplyGated<SquaredRelu>(gate, up); break;
            default: throw Unknown(architecture.Activation);
        }
    }

    static InvalidOperationException Unknown(Activation activation) => new($"No kernel for {activation}.");

    /// <inheritdoc/>
    public void Dispose() => _up.Dispose();
}
