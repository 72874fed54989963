using System.Buffers;
using System.Text;
using System.Text.Json;
using Castalia.Checkpoints;
using Castalia.Interventions;
using Castalia.Machine;
using Castalia.Residual;
using Castalia.Runs;

namespace Castalia.Reports;

/// <summary>What <c>castalia intervene --json</c> prints. Written as it goes: with every neuron it is too large for a tree of nodes.</summary>
static class InterventionJson
{
    /// <summary>The document, ended by LF.</summary>
    /// <param name="run">The model.</param>
    /// <param name="promptSet">The prompt set's name.</param>
    public static string Of(IntervenedRun run, string promptSet)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new() { Encoder = JsonFile.Readable.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("format", "castalia intervene 1");
            json.WriteString("software", Software.NameAndVersion);
            json.WriteString("model", run.Model.Name);
            json.WriteString("path", run.Model.Path);
            json.WriteString("prompt_set", promptSet);
            json.WriteString("definition", "gains of every block at the last position, over the length of what the block then reads; entropy, kl (clean to do) and loss in nats; blocks, positions and units from 0");
            json.WriteNumber("n_layers", run.Model.Measurement.Architecture.NLayers);
            json.WriteNumber("portions", run.Measured.Portions);
            json.WriteStartArray("do_files");
            foreach (var file in run.Files)
            {
                json.WriteStartObject();
                json.WriteString("name", file.Name);
                json.WriteString("sha256", file.Sha256);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("prompts");
            for (int p = 0; p < run.Measured.Prompts.Count; p++) Prompt(json, run, p);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan) + "\n";
    }

    static void Prompt(Utf8JsonWriter json, IntervenedRun run, int index)
    {
        var prompt = run.Model.Measurement.Prompts[index];
        json.WriteStartObject();
        json.WriteString("name", prompt.Prompt.Name);
        json.WriteString("category", prompt.Prompt.Category);
        json.WriteNumber("tokens", prompt.Ids.Count);
        json.WriteStartObject("clean");
        Clean(json, run.Model.Measurement.Readings[index]);
        json.WriteEndObject();
        json.WriteStartArray("interventions");
        for (int k = 0; k < run.Measured.Interventions.Count; k++)
        {
            json.WriteStartObject();
            Under(json, run.Measured.Interventions[k], run.Measured.Prompts[index][k]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Clean(Utf8JsonWriter json, PromptReadings readings)
    {
        var output = readings.Outputs[^1]!.Value;
        Gains(json, readings.Blocks.Select(block => block[^1].Gain));
        json.WriteNumber("entropy", output.EntropyNats);
        json.WriteNumber("top_token", output.TopToken);
        json.WriteNumber("top_probability", output.TopProbability);
        Defined(json, "loss", MeanLoss.Of(readings));
    }

    static void Under(Utf8JsonWriter json, Intervention intervention, InterventionReading reading)
    {
        json.WriteString("name", intervention.Name);
        if (intervention.Seed is { } seed) json.WriteNumber("seed", seed);
        Gains(json, reading.Gains);
        json.WriteNumber("entropy", reading.EntropyNats);
        json.WriteNumber("kl", reading.KlNats);
        json.WriteNumber("top_token", reading.TopToken);
        json.WriteNumber("top_probability", reading.TopProbability);
        Defined(json, "loss", reading.LossNats);
        json.WriteString("form", reading.Form == EffectForm.Pass ? "pass" : "rank_one");
    }

    static void Gains(Utf8JsonWriter json, IEnumerable<double> gains)
    {
        json.WriteStartArray("gains");
        foreach (double gain in gains)
        {
            if (double.IsFinite(gain)) json.WriteNumberValue(gain);
            else json.WriteNullValue();
        }
        json.WriteEndArray();
    }

    static void Defined(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }
}
