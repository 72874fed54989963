using System.Text.Json;
using Castalia.Attribution;
using Castalia.Runs;

namespace Castalia.Reports;

/// <summary>What is derived beside the parts, in the document of <see cref="ExplainJson"/>.</summary>
static class ExplainDerivedJson
{
    /// <summary>Members of the whole document: null where nothing was asked for.</summary>
    public static void Run(Utf8JsonWriter json, AttributedRun run)
    {
        json.WritePropertyName("reference");
        if (run.Reference is { } reference) Reference(json, run, reference);
        else json.WriteNullValue();
        json.WritePropertyName("bands");
        if (run.Bands is { } bands) Bands(json, bands);
        else json.WriteNullValue();
    }

    static void Reference(Utf8JsonWriter json, AttributedRun run, ReferenceTexts reference)
    {
        json.WriteStartObject();
        json.WriteString("set", reference.Name);
        json.WriteNumber("texts", reference.Texts.Count);
        json.WriteNumber("positions", reference.Positions);
        json.WriteNumber("random_sets", CoordinateSets.Count);
        json.WriteNumber("seed", run.Seed);
        json.WriteStartArray("blocks");
        foreach (var block in run.ReferenceBlocks)
        {
            json.WriteStartObject();
            json.WriteNumber("block", block.Block);
            Number(json, "kurtosis_before", block.KurtosisBefore);
            Number(json, "kurtosis_after", block.KurtosisAfter);
            Number(json, "mean_share_before", block.MeanShareBefore);
            Number(json, "mean_share_after", block.MeanShareAfter);
            json.WriteStartArray("ranked_coordinates");
            foreach (int coordinate in block.Ranking.Take(CoordinateSets.Sizes[^1])) json.WriteNumberValue(coordinate);
            json.WriteEndArray();
            json.WritePropertyName("component_shares");
            if (block.Components is { } components) Values(json, components.Shares);
            else json.WriteNullValue();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Bands(Utf8JsonWriter json, UnembeddingBands bands)
    {
        json.WriteStartObject();
        json.WriteNumber("rows", bands.Rows);
        json.WriteBoolean("final_norm_has_weight", bands.HasWeight);
        json.WriteBoolean("mean_free", bands.IsMeanFree);
        json.WriteStartArray("directions");
        foreach (int size in bands.Directions.Sizes) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WritePropertyName("singular_values");
        Values(json, bands.Values);
        json.WriteStartArray("edges_undetermined");
        foreach (int band in bands.Undetermined) json.WriteNumberValue(band);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The member <c>derived</c> of a block.</summary>
    public static void Figures(Utf8JsonWriter json, DerivedFigures derived)
    {
        json.WriteStartObject("derived");
        Number(json, "participation_before", derived.ParticipationBefore);
        Number(json, "participation_after", derived.ParticipationAfter);
        if (derived.Reference is { } reference)
        {
            Number(json, "centred_gain", reference.CentredGain);
            Number(json, "common_mode_rejection", reference.CommonModeRejection);
            json.WriteStartArray("gain_without");
            foreach (var without in reference.Without)
            {
                json.WriteStartObject();
                json.WriteNumber("coordinates", without.Coordinates);
                Number(json, "gain", without.Gain);
                Number(json, "random", without.Random);
                Number(json, "p", without.P);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteStartArray("directions");
        foreach (var split in derived.Directions) Split(json, split, isNamed: true);
        json.WriteEndArray();
        if (derived.Bands is { } bands)
        {
            json.WritePropertyName("bands");
            Split(json, bands, isNamed: false);
        }
        json.WriteEndObject();
    }

    static void Split(Utf8JsonWriter json, DirectionSplit split, bool isNamed)
    {
        json.WriteStartObject();
        if (isNamed) json.WriteString("set", split.Name);
        json.WritePropertyName("parts");
        Values(json, split.Parts);
        json.WriteNumber("outside", split.Outside);
        json.WritePropertyName("before");
        Values(json, split.Before);
        json.WriteNumber("before_outside", split.BeforeOutside);
        json.WritePropertyName("after");
        Values(json, split.After);
        Number(json, "after_outside", split.AfterOutside);
        json.WriteEndObject();
    }

    static void Values(Utf8JsonWriter json, IEnumerable<double> values)
    {
        json.WriteStartArray();
        foreach (double value in values)
        {
            if (double.IsFinite(value)) json.WriteNumberValue(value);
            else json.WriteNullValue();
        }
        json.WriteEndArray();
    }

    static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }
}
