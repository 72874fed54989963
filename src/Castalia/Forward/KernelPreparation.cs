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
/// number in their names, and of block formats that the checkpoint does not hold, by their types', are left alone.
/// </remarks>
static class KernelPreparation
{
    /// <summary>The kernels every model needs.</summary>
    public static bool Arithmetic() => Prepare(type => type.Namespace == typeof(MatMul).Namespace || type == typeof(Widen));

    /// <summary>Those that widen the weights of a checkpoint.</summary>
    public static bool Of(Checkpoint checkpoint)
    {
        var stored = checkpoint.Tensors.Values.Select(tensor => $"{tensor.DType}").ToHashSet(StringComparer.Ordinal);
        return Prepare(type => type.Namespace == typeof(BlockFormats).Namespace && stored.Contains(type.Name));
    }

    static bool Prepare(Func<Type, bool> wanted)
    {
        const BindingFlags own = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (var type in typeof(KernelPreparation).Assembly.GetTypes())
        {
            if (type.ContainsGenericParameters || !wanted(type)) continue;
            foreach (var method in type.GetMethods(own))
                if (method.MethodImplementationFlags.HasFlag(MethodImplAttributes.AggressiveOptimization) &&
                    !method.ContainsGenericParameters && IsOfThisWidth(method.Name))
                    RuntimeHelpers.PrepareMethod(method.MethodHandle);
        }
        return true;
    }

    static bool IsOfThisWidth(string name)
    {
        string own = Vector512.IsHardwareAccelerated ? "512" : Vector256.IsHardwareAccelerated ? "256" : "128";
        return Array.TrueForAll(Widths, width => width == own || !name.Contains(width, StringComparison.Ordinal));
    }

    static readonly string[] Widths = ["128", "256", "512"];
}
