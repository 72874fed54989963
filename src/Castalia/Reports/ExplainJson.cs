using System.Buffers;
using System.Text;
using System.Text.Json;
using Castalia.Analyses;
using Castalia.Anatomy.Units;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Machine;
using Castalia.Runs;

namespace Castalia.Reports;

/// <summary>What <c>castalia explain --json</c> prints. Written as it goes: with every part it is too large for a tree of nodes.</summary>
static class ExplainJson
{
    /// <summary>The document, ended by LF.</summary>
    /// <param name="run">The model.</param>
    /// <param name="promptSet">The prompt set's name.</param>
    /// <param name="units">Of the last block that was attributed.</param>
    /// <param name="weights">Of every block that was, where weights were read; else empty.</param>
    public static string Of(AttributedRun run, string promptSet, UnitsOverPrompts units, IReadOnlyList<BlockUnitWeights> weights)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new() { Encoder = JsonFile.Readable.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("format", "castalia explain 1");
            json.WriteString("software", Software.NameAndVersion);
            json.WriteString("model", run.Model.Name);
            json.WriteString("path", run.Model.Path);
            json.WriteString("prompt_set", promptSet);
            json.WriteString("definition", "A_p = ⟨Δ_p, h + h′⟩/‖h‖², h resid_pre, h′ resid_post; blocks, positions and units from 0");
            json.WriteNumber("n_layers", run.Model.Measurement.Architecture.NLayers);
            json.WriteBoolean("all_parts", run.Options.AllParts);
            ExplainDerivedJson.Run(json, run);
            json.WriteStartArray("prompts");
            for (int p = 0; p < run.Prompts.Count; p++) Prompt(json, run, p);
            json.WriteEndArray();
            json.WritePropertyName("units_over_prompts");
            JsonSerializer.Serialize(json, UnitsDocument.Of(run.Means, units, weights), UnitsJson.Default.UnitsDocument);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan) + "\n";
    }

    static void Prompt(Utf8JsonWriter json, AttributedRun run, int index)
    {
        var prompt = run.Model.Measurement.Prompts[index];
        json.WriteStartObject();
        json.WriteString("name", prompt.Prompt.Name);
        json.WriteString("category", prompt.Prompt.Category);
        json.WriteNumber("tokens", prompt.Ids.Count);
        json.WriteStartArray("blocks");
        foreach (var block in run.Prompts[index].Blocks.GroupBy(b => b.Block))
        {
            json.WriteStartObject();
            Figures(json, block.Last()); // positions ascend
            if (run.Options.AllPositions)
            {
                json.WriteStartArray("positions");
                foreach (var position in block)
                {
                    json.WriteStartObject();
                    Figures(json, position);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Figures(Utf8JsonWriter json, BlockAttribution b)
    {
        json.WriteNumber("block", b.Block);
        json.WriteNumber("position", b.Position);
        json.WriteNumber("gain_squared_minus_one", b.GainSquaredMinusOne);
        json.WriteNumber("attn", b.Attn);
        json.WriteNumber("mlp", b.Mlp);
        json.WriteNumber("attn_bias", b.AttnBias);
        json.WriteNumber("mlp_bias", b.MlpBias);
        json.WriteNumber("rounding", b.Rounding);
        json.WriteNumber("rounding_length", b.RoundingLength);
        Defined(json, "cos_theta", b.CosTheta);
        json.WriteNumber("step_ratio", b.StepRatio);
        Defined(json, "cos_theta_bound", b.CosThetaBound);
        Defined(json, "set_point", b.SetPoint);
        json.WriteNumber("neurons_negative", b.Neurons.Negative);
        json.WriteNumber("neurons_positive", b.Neurons.Positive);
        json.WriteNumber("neurons_half_of_negative", b.Neurons.HalfOfNegative);
        json.WriteNumber("neurons_negative_participation", b.Neurons.NegativeParticipation);
        Values(json, "heads", b.Heads);
        Units(json, "neurons", b.Neurons);
        Units(json, "dimensions", b.Dimensions);
        ExplainDerivedJson.Figures(json, b.Derived);
        if (b.Sources is null) return;
        json.WriteStartArray("head_sources");
        foreach (var sources in b.Sources) Values(json, null, sources);
        json.WriteEndArray();
    }

    /// <summary>All of them as numbers; of the largest only index and value, under a name that says so.</summary>
    static void Units(Utf8JsonWriter json, string name, Parts parts)
    {
        if (parts.All is { } all)
        {
            Values(json, name, all);
            return;
        }
        json.WriteStartArray($"largest_{name}");
        foreach (var part in parts.Leading)
        {
            json.WriteStartObject();
            json.WriteNumber("index", part.Index);
            json.WriteNumber("value", part.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void Values(Utf8JsonWriter json, string? name, IEnumerable<double> values)
    {
        if (name is null) json.WriteStartArray();
        else json.WriteStartArray(name);
        foreach (double value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    static void Defined(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }
}
