using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Castalia.Checkpoints;
using Castalia.Checkpoints.Blocks;
using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>Compiles kernels before they are called, so that a thread with nothing else to do can do it while headers and vocabulary are read.</summary>
/// <remarks>
/// Kernels are never compiled ahead: each is made at its first call, for the vector width of the machine. Those of other widths, by the
/// number in their names, and of block formats that the checkpoint does not hold, by their types', are left alone. Types are named here
/// because asking the assembly for all of its types loads them all.
/// </remarks>
static class KernelPreparation
{
    /// <summary>The kernels every model needs.</summary>
    public static bool Arithmetic() => Prepare(Always);

    /// <summary>Those that widen the weights of a checkpoint.</summary>
    public static bool Of(Checkpoint checkpoint)
    {
        var stored = checkpoint.Tensors.Values.Select(tensor => tensor.DType.ToString()).ToHashSet(StringComparer.Ordinal);
        return Prepare([.. stored.Select(BlockFormat).OfType<Type>()]);
    }

    /// <summary>Types whose kernels any model may need.</summary>
    internal static IReadOnlyList<Type> Always { get; } =
    [
        typeof(Attention), typeof(AttentionTile), typeof(AttentionTile512), typeof(DoubleSum), typeof(Elementwise), typeof(LogSumExp), typeof(MatMul),
        typeof(Norms), typeof(PackedHead), typeof(Rope), typeof(SoftCap), typeof(Softmax), typeof(StoredRows), typeof(StripArithmetic), typeof(StripNorms),
        typeof(StripSums), typeof(Transpose), typeof(Widen),
    ];

    /// <summary>Types whose kernels a measurement does not need: those are made at their first call.</summary>
    internal static IReadOnlyList<Type> OfInterventions { get; } = [typeof(Divergence), typeof(ShiftedSoftmax)];

    /// <summary>The same, of derivatives and training.</summary>
    internal static IReadOnlyList<Type> OfDerivatives { get; } = [typeof(AdamW), typeof(PlainMatMul), typeof(PlainTiles), typeof(SoftmaxRows), typeof(Strips), typeof(WideMatMul)];

    /// <summary>The type that a block format is widened by; null for what is no block format.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = CompiledAhead)]
    internal static Type? BlockFormat(string name) => typeof(BlockFormats).Assembly.GetType($"{typeof(BlockFormats).Namespace}.{name}");

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = CompiledAhead)]
    static bool Prepare(IReadOnlyList<Type> types)
    {
        const BindingFlags own = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        if (!RuntimeFeature.IsDynamicCodeSupported) return true;
        foreach (var type in types)
            foreach (var method in type.GetMethods(own))
                if ((method.MethodImplementationFlags & MethodImplAttributes.AggressiveOptimization) != 0 &&
                    !method.ContainsGenericParameters && IsOfThisWidth(method.Name))
                    RuntimeHelpers.PrepareMethod(method.MethodHandle);
        return true;
    }

    static bool IsOfThisWidth(string name)
    {
        string own = Vector512.IsHardwareAccelerated ? "512" : Vector256.IsHardwareAccelerated ? "256" : "128";
        return Array.TrueForAll(Widths, width => width == own || !name.Contains(width, StringComparison.Ordinal));
    }

    const string CompiledAhead = "Only a program that still compiles at run time asks for methods, and in that one none is trimmed away.";

    static readonly string[] Widths = ["128", "256", "512"];
}
