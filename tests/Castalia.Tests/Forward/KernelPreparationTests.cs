using System.Reflection;
using Castalia.Checkpoints;
using Castalia.Checkpoints.Blocks;
using Castalia.Forward;
using Castalia.Kernels;
using Xunit;

namespace Castalia.Tests.Forward;

public static class KernelPreparationTests
{
    const BindingFlags Own = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    [Fact]
    public static void Every_kernel_that_any_measurement_may_need_is_prepared()
    {
        var kernels = typeof(MatMul).Assembly.GetTypes()
            .Where(type => (type.Namespace == typeof(MatMul).Namespace || type == typeof(Widen)) && !type.ContainsGenericParameters && HasKernel(type));
        Assert.Empty(kernels.Except(KernelPreparation.Always).Except(KernelPreparation.OfInterventions).Except(KernelPreparation.OfDerivatives));
        Assert.All(KernelPreparation.OfInterventions.Concat(KernelPreparation.OfDerivatives), type => Assert.True(HasKernel(type), type.Name));
    }

    [Fact]
    public static void Nothing_is_named_that_has_no_kernel() => Assert.All(KernelPreparation.Always, type => Assert.True(HasKernel(type), type.Name));

    [Fact]
    public static void The_kernels_of_a_block_format_are_found_by_its_name()
    {
        var formats = typeof(BlockFormats).Assembly.GetTypes().Where(type => type.Namespace == typeof(BlockFormats).Namespace && HasKernel(type));
        Assert.Equal(formats.Select(type => type.Name).Order(), Enum.GetNames<DType>().Where(name => KernelPreparation.BlockFormat(name) is not null).Order());
    }

    static bool HasKernel(Type type) => type.GetMethods(Own).Any(method =>
        !method.ContainsGenericParameters && method.MethodImplementationFlags.HasFlag(MethodImplAttributes.AggressiveOptimization));
}
