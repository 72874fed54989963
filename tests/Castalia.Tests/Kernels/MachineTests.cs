using System.Runtime.Intrinsics;
using Xunit;

namespace Castalia.Tests.Kernels;

public sealed class MachineTests
{
    /// <summary>check.sh narrows the vectors by runtime switches; a switch the runtime no longer knows must not pass unnoticed.</summary>
    [Fact]
    public void The_vector_width_is_the_one_asked_for()
    {
        string? asked = Environment.GetEnvironmentVariable("EXPECT_VECTOR_BITS");
        int actual = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
        if (asked is not null) Assert.Equal(asked, $"{actual}");
    }
}
