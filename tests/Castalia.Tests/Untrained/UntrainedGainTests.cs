using System.Globalization;
using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Untrained;
using Xunit;

namespace Castalia.Tests.Untrained;

public sealed class UntrainedGainTests(BuiltNetworks built) : IClassFixture<BuiltNetworks>
{
    /// <summary>
    /// G² = 1 + 2·r·cos θ + r² with r = 1/√(L − 1), so a mean cosine c between what the last block adds and what is
    /// there moves the gain by about c/√(L − 1). Over networks of eight seeds c scatters by 0.03; three of those are
    /// allowed.
    /// </summary>
    [Fact]
    public void The_measured_gain_is_the_theoretical_one_within_the_spread_between_networks()
    {
        foreach (string folder in built.Folders)
        {
            var config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!;
            int nLayers = (int)config["num_hidden_layers"]!;
            TokenizedPrompt[] prompts = [.. UntrainedNetworks.IdPrompts((int)config["vocab_size"]!).Select(prompt => new TokenizedPrompt(prompt, prompt.Ids!, 0, 0))];
            using var checkpoint = Checkpoint.Open(folder);
            var readings = Measurement.Take(checkpoint, prompts, null, new() { Threads = 2 }, null, TestContext.Current.CancellationToken).Readings;
            double gain = readings.Average(prompt => Gains.Of(prompt, nLayers - 1, ReferencePoint.Block, PositionRule.Last, NormPrecision.Float32)!.Value);
            double theory = UntrainedNetworks.TheoreticalGain(nLayers)!.Value, allowed = 3 * 0.03 / Math.Sqrt(nLayers - 1);
            Assert.True(
                Math.Abs(gain - theory) <= allowed,
                string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(folder)}: {gain:F4}, theory {theory:F4} ± {allowed:F4}"));
        }
    }
}
