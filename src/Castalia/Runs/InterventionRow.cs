using Castalia.DoFiles;
using Castalia.Interventions;
using Castalia.Prompts;
using Castalia.Residual;

namespace Castalia.Runs;

/// <summary>One row of interventions.parquet: one block of one prompt under one intervention.</summary>
/// <param name="Model">Short name of the model.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="PromptIndex">Its index in the run.</param>
/// <param name="Intervention">What was done.</param>
/// <param name="Index">Its index in the run.</param>
/// <param name="FirstLayer">First block in which it changes anything.</param>
/// <param name="Layer">The block.</param>
/// <param name="Clean">Readings of the clean pass.</param>
/// <param name="Reading">Readings under the intervention.</param>
/// <param name="Source">Name of the prompt that it patches from; null where it patches from none.</param>
sealed record InterventionRow(
    string Model, TokenizedPrompt Prompt, int PromptIndex, Intervention Intervention, int Index, int FirstLayer, int Layer, PromptReadings Clean, InterventionReading Reading, string? Source)
{
    /// <summary>Every row of a model: prompts, interventions that can be made on them and blocks in order, blocks from the first that is changed.</summary>
    public static IEnumerable<InterventionRow> All(IntervenedRun run)
    {
        var measured = run.Measured;
        int nLayers = run.Model.Measurement.Architecture.NLayers;
        int[] first = [.. measured.Interventions.Select(one => Enumerable.Range(0, nLayers).FirstOrDefault(block => one.Changes.Any(change => change.Blocks.Has(block, nLayers)), nLayers - 1))];
        for (int p = 0; p < measured.Prompts.Count; p++)
            for (int k = 0; k < measured.Interventions.Count; k++)
            {
                if (measured.Prompts[p][k] is not { } reading) continue;
                string? source = measured.SourceOf(p, k) is { } from ? run.Model.Measurement.Prompts[from].Prompt.Name : null;
                for (int layer = first[k]; layer < nLayers; layer++)
                    yield return new(run.Model.Name, run.Model.Measurement.Prompts[p], p, measured.Interventions[k], k, first[k], layer, run.Model.Measurement.Readings[p], reading, source);
            }
    }

    /// <summary>The one change; null where there is none or several.</summary>
    public Change? Only => Intervention.Changes is [var only] ? only : null;

    /// <summary>The clean prediction.</summary>
    public OutputReading CleanOutput => Clean.Outputs[^1]!.Value;

    /// <summary>What the block has along the direction of the intervention; null where there is none.</summary>
    public AlongReading? Along => Reading.Along.Where(along => along.Block == Layer).Select(along => (AlongReading?)along).FirstOrDefault();

    /// <summary>The clean gain.</summary>
    public double CleanGain => Clean.Blocks[Layer][^1].Gain;
}

/// <summary>The columns of interventions.parquet.</summary>
static class InterventionColumns
{
    public static IReadOnlyList<RunColumn<InterventionRow>> All { get; } =
    [
        new("model", "VARCHAR", "", "Short name of the model, unique in the run; the manifest has its path and hashes.", r => r.Model),
        new("prompt", "VARCHAR", "", "Name of the prompt.", r => r.Prompt.Prompt.Name),
        new("prompt_index", "INTEGER", "", "Index of the prompt in the run, from 0.", r => r.PromptIndex),
        new("category", "VARCHAR", "", "Category of the prompt; null where it has none.", r => r.Prompt.Prompt.Category),
        new("tokens", "INTEGER", "", "Tokens fed, special tokens included.", r => r.Prompt.Ids.Count),
        new("intervention", "VARCHAR", "", "Name of the intervention.", r => r.Intervention.Name),
        new("intervention_index", "INTEGER", "", "Its index in the run, from 0: do-files and their entries in order, each pattern's interventions in a row.", r => r.Index),
        new("site", "VARCHAR", "", "Site that is changed; null where several are, or none.", r => r.Only?.Site?.Name()),
        new("deed", "VARCHAR", "", "What becomes of it: zero, scale, mean, keep, add, round, patch, mask; of a component along a direction zero is remove; null where several changes are made, or none.", r => Deed(r.Only)),
        new("unit", "VARCHAR", "", "What of the site: whole, head, neuron, dimension, bias, direction; null where several changes are made, or none.", r => UnitOf(r.Only)),
        new("unit_index", "INTEGER", "", "Which head, neuron or dimension, from 0; null where it is several or none.", r => (r.Only?.Unit as Unit.Some)?.Indices is [var index] ? index : null),
        new("units", "INTEGER", "", "How many heads, neurons or dimensions are changed at once; null where none.", r => (r.Only?.Unit as Unit.Some)?.Indices.Count),
        new("held", "VARCHAR", "", "What is kept as in the clean pass: attn or mlp, that sublayer of the changed block, the direct effect; final_norm, what the final norm multiplies by; null for nothing: the total effect.", r => r.Only is { } only ? HeldWords.Of(only.Held) : null),
        new("source", "VARCHAR", "", "Name of the prompt that is patched from; null where none is, or several.", r => r.Source, CameLater: true),
        new("seed", "DOUBLE", "", "Seed by which its units were drawn: it is a random control; null where they were not drawn.", r => (double?)r.Intervention.Seed),
        new("length_mismatch", "DOUBLE", "", "Of a control whose units were chosen by length: the largest difference between the mean length of what one writes and that of the unit it stands for, over the longer; null where it is none.", r => r.Intervention.LengthMismatch, CameLater: true),
        new("form", "VARCHAR", "", "How it was computed: pass, a pass from the changed block on; rank_one, by the one vector that the unit writes in the last block, a pass within what float32 leaves of one.", r => r.Reading.Form == EffectForm.Pass ? "pass" : "rank_one"),
        new("first_layer", "INTEGER", "", "First block in which anything is changed, from 0.", r => r.FirstLayer),
        new("layer", "INTEGER", "", "Index of the block, from 0; blocks before first_layer have no rows, they are the clean pass's.", r => r.Layer),
        new("gain", "DOUBLE", "", "Gain of the block at the last position, over the length of what the block then reads; null where that is 0.", r => Finite(r.Reading.Gains[r.Layer])),
        new("clean_gain", "DOUBLE", "", "The same in the clean pass.", r => Finite(r.CleanGain)),
        new("gain_change", "DOUBLE", "", "gain − clean_gain.", r => Finite(r.Reading.Gains[r.Layer] - r.CleanGain)),
        new("along_pre", "DOUBLE", "", "Component of resid_pre, as the block then reads it, along the direction that the block is changed along, last position; null where there is none, or the span of several.", r => Finite(r.Along?.Pre ?? double.NaN), CameLater: true),
        new("clean_along_pre", "DOUBLE", "", "The same in the clean pass.", r => Finite(r.Along?.CleanPre ?? double.NaN), CameLater: true),
        new("along_written", "DOUBLE", "", "Component along it of what the block adds, resid_post − resid_pre.", r => Finite(r.Along?.Written ?? double.NaN), CameLater: true),
        new("clean_along_written", "DOUBLE", "", "The same in the clean pass.", r => Finite(r.Along?.CleanWritten ?? double.NaN), CameLater: true),
        new("entropy", "DOUBLE", "nats", "Entropy of the prediction at the last position, the same in every row of prompt and intervention, as are the columns after it.", r => r.Reading.EntropyNats),
        new("clean_entropy", "DOUBLE", "nats", "The same in the clean pass.", r => r.CleanOutput.EntropyNats),
        new("kl", "DOUBLE", "nats", "KL(clean ‖ do) of the predictions at the last position.", r => r.Reading.KlNats),
        new("top_token", "INTEGER", "", "Id of the largest logit there, the smallest id on a tie.", r => r.Reading.TopToken),
        new("clean_top_token", "INTEGER", "", "The same in the clean pass.", r => r.CleanOutput.TopToken),
        new("top_probability", "DOUBLE", "", "Its probability.", r => r.Reading.TopProbability),
        new("clean_top_probability", "DOUBLE", "", "The clean top token's probability in the clean pass.", r => r.CleanOutput.TopProbability),
        new("loss", "DOUBLE", "nats", "Mean cross-entropy of the tokens that follow, over the positions whose next token is fed; null where only the last position was read.", r => Finite(r.Reading.LossNats)),
        new("clean_loss", "DOUBLE", "nats", "The same in the clean pass.", r => Finite(MeanLoss.Of(r.Clean))),
    ];

    static double? Finite(double value) => double.IsFinite(value) ? value : null;

    static string? Deed(Change? change) => change?.Deed switch
    {
        Interventions.Deed.Zero => change.Unit is Unit.Along ? "remove" : "zero",
        Interventions.Deed.Scale => "scale",
        Interventions.Deed.Mean => "mean",
        Interventions.Deed.Keep => "keep",
        Interventions.Deed.Add => "add",
        Interventions.Deed.Round => "round",
        Interventions.Deed.Patch or Interventions.Deed.PatchMatched => "patch",
        Interventions.Deed.Mask => "mask",
        _ => null,
    };

    static string? UnitOf(Change? change) => change?.Unit switch
    {
        Unit.Whole => "whole",
        Unit.Some some => some.Kind switch { UnitKind.Head => "head", UnitKind.Neuron => "neuron", _ => "dimension" },
        Unit.Bias => "bias",
        Unit.Along => "direction",
        _ => null,
    };
}
