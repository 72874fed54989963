using Castalia.Checkpoints;
using Castalia.Conversion;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Conversion;

/// <summary>Conversions made and measured by tests.</summary>
static class Converted
{
    /// <summary>Converts a checkpoint.</summary>
    public static ConversionReport Write(string from, string to, DType? dType = null, long shardSize = ConvertOptions.UsualShardSize)
    {
        using var checkpoint = Checkpoint.Open(from);
        return Converter.Write(checkpoint, to, new() { DType = dType, ShardSize = shardSize }, null, TestContext.Current.CancellationToken);
    }

    /// <summary>The readings of prompts at every position.</summary>
    public static IReadOnlyList<PromptReadings> Measure(string path, IReadOnlyList<TokenizedPrompt> prompts)
    {
        using var checkpoint = Checkpoint.Open(path);
        var options = new MeasureOptions { Threads = Environment.ProcessorCount, AllPositions = true };
        return Measurement.Take(checkpoint, prompts, null, options, null, TestContext.Current.CancellationToken).Readings;
    }

    /// <summary>Two checkpoints give the same bits at every position of every prompt.</summary>
    public static void AssertSameBits(string one, string other, IReadOnlyList<TokenizedPrompt> prompts)
    {
        var a = Measure(one, prompts);
        var b = Measure(other, prompts);
        Assert.NotEmpty(a);
        for (int p = 0; p < a.Count; p++) SameBitsTests.AssertSame(a[p], b[p]);
    }

    /// <summary>Tensors of a folder by the tests' own reader.</summary>
    public static Dictionary<string, GoldenArray> Tensors(string folder) =>
        Directory.GetFiles(folder, "model*.safetensors").SelectMany(GoldenArrays.Load).ToDictionary(pair => pair.Key, pair => pair.Value);

    /// <summary>Types of a folder's tensors as its header says.</summary>
    public static Dictionary<string, DType> Types(string folder)
    {
        using var checkpoint = Checkpoint.Open(folder);
        return checkpoint.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.DType);
    }
}
