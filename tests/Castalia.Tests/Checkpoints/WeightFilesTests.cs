using Castalia.Checkpoints;
using Xunit;

namespace Castalia.Tests.Checkpoints;

public sealed class WeightFilesTests
{
    /// <summary>The order of transformers: from_pretrained on a local folder.</summary>
    [Fact]
    public void Safetensors_come_before_PyTorch_and_a_single_file_before_an_index()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", "{}");
        folder.Write("other.pt", TorchBytes.Zip());
        Assert.Equal("PyTorch: other.pt", Read(folder));
        folder.Write("other.safetensors", SafetensorsBytes.File());
        Assert.Equal("Safetensors: other.safetensors", Read(folder));
        folder.Write("s.bin", TorchBytes.Zip());
        folder.Write("pytorch_model.bin.index.json", """{"weight_map": {"a": "s.bin"}}""");
        Assert.Equal("PyTorch: pytorch_model.bin.index.json, s.bin", Read(folder));
        folder.Write("pytorch_model.bin", TorchBytes.Legacy());
        Assert.Equal("PyTorch: pytorch_model.bin", Read(folder));
        folder.Write("s.safetensors", SafetensorsBytes.File());
        folder.Write("model.safetensors.index.json", """{"weight_map": {"a": "s.safetensors", "b": "s.safetensors"}}""");
        Assert.Equal("Safetensors: model.safetensors.index.json, s.safetensors", Read(folder));
        folder.Write("model.safetensors", SafetensorsBytes.File());
        Assert.Equal("Safetensors: model.safetensors", Read(folder));
    }

    [Fact]
    public void What_a_trainer_leaves_is_not_taken_for_weights()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", "{}");
        foreach (string name in new[] { "training_args.bin", "optimizer.pt", "optimizer.bin", "scheduler.pt", "scaler.pt", "rng_state.pth", "rng_state_0.pth" })
            folder.Write(name, "not read");
        folder.Write("weights.pth", TorchBytes.Zip());
        Assert.Equal("PyTorch: weights.pth", Read(folder));
    }

    /// <summary>What is read, as a run's manifest lists it.</summary>
    static string Read(TemporaryFolder folder)
    {
        using var checkpoint = Checkpoint.Open(folder.Path);
        var files = checkpoint.Files.Select(file => Path.GetFileName(file.Path)!).ToList();
        Assert.Equal("config.json", files[0]);
        Assert.All(checkpoint.Tensors.Values, tensor => Assert.Equal(files[^1], Path.GetFileName(tensor.File)));
        return $"{checkpoint.Format}: {string.Join(", ", files[1..])}";
    }
}
