using Castalia.Architectures;
using Castalia.Cards;

namespace Castalia.Published;

/// <summary>Rows with named columns, as a query over stored runs returns them.</summary>
/// <param name="Columns">Names and SQL types.</param>
/// <param name="Rows">One value for each column: string, long, int, double, bool, or null.</param>
sealed record PublishedTable(IReadOnlyList<(string Name, string Type)> Columns, IReadOnlyList<object?[]> Rows);

/// <summary>The eight models as rows of the store's views <c>models</c> and <c>gains</c>, so that whatever reads those can read the study.</summary>
/// <remarks>
/// Columns that the study has no figure for are null: it recorded two norms' ratio, not what the block wrote.
/// </remarks>
static class PublishedRows
{
    /// <summary>What stands in the column <c>run</c>.</summary>
    public const string Run = "published";

    /// <summary>One row for each model.</summary>
    /// <param name="study">The study.</param>
    /// <param name="cards">Cards among which its models find theirs.</param>
    public static PublishedTable Models(PublishedStudy study, CardSet cards)
    {
        (string Name, string Type, Func<ModelFacts, object?> Value)[] columns =
        [
            ("run", "VARCHAR", _ => Run),
            ("model", "VARCHAR", m => m.Model),
            ("path", "VARCHAR", _ => null),
            ("format", "VARCHAR", _ => null),
            ("hub_repository", "VARCHAR", m => m.Repository),
            ("sha256", "VARCHAR", _ => null),
            ("card", "VARCHAR", m => cards.OfMeasured(m.Repository, m.Model)?.Model),
            ("parameters", "BIGINT", m => m.Parameters),
            ("head_crowding", "DOUBLE", m => m.HeadCrowding),
            ("title", "VARCHAR", m => m.Title),
            ("family", "VARCHAR", m => m.Family),
            ("n_layers", "BIGINT", m => (long)m.NLayers),
            ("d_model", "BIGINT", m => (long)m.DModel),
            ("n_heads", "BIGINT", m => (long)m.NHeads),
            ("n_kv_heads", "BIGINT", m => (long)m.NKvHeads),
            ("head_dim", "BIGINT", m => (long)m.HeadDim),
            ("d_ff", "BIGINT", m => (long)m.DFf),
            ("d_vocab", "BIGINT", m => (long)m.DVocab),
            ("n_ctx", "BIGINT", m => (long)m.NCtx),
            ("norm", "VARCHAR", m => $"{m.Norm}"),
            ("norm_epsilon", "DOUBLE", m => m.NormEpsilon),
            ("norm_placement", "VARCHAR", _ => $"{NormPlacement.Before}"),
            ("norm_weight", "BOOLEAN", _ => true),
            ("norm_bias", "BOOLEAN", m => m.NormBias),
            ("norm_weight_plus_one", "BOOLEAN", m => m.NormWeightPlusOne),
            ("wiring", "VARCHAR", m => $"{m.Wiring}"),
            ("attention_scale", "DOUBLE", m => 1 / Math.Sqrt(m.HeadDim)),
            ("qk_norm", "VARCHAR", _ => $"{QkNorm.None}"),
            ("rotary_dims", "BIGINT", m => (long?)m.RotaryDims),
            ("rotary_pairing", "VARCHAR", m => m.RotaryPairing?.ToString()),
            ("rotary_base", "DOUBLE", m => m.RotaryBase),
            ("learned_positions_offset", "BIGINT", m => m.LearnedPositions ? 0L : null),
            ("mlp", "VARCHAR", m => $"{m.Mlp}"),
            ("activation", "VARCHAR", m => $"{m.Activation}"),
            ("qkv_bias", "BOOLEAN", m => m.QkvBias),
            ("attn_out_bias", "BOOLEAN", m => m.AttnOutBias),
            ("mlp_bias", "BOOLEAN", m => m.MlpBias),
            ("embedding_scale", "DOUBLE", m => m.EmbeddingScale),
            ("tied_unembedding", "BOOLEAN", m => m.TiedUnembedding),
            ("unembedding_bias", "BOOLEAN", m => m.UnembeddingBias),
        ];
        return new(
            [.. columns.Select(c => (c.Name, c.Type))],
            [.. study.Models.Select(m => ModelFacts.Of(m.Model)).Select(facts => columns.Select(c => c.Value(facts)).ToArray())]);
    }

    /// <summary>One row for each model and prompt: the last block at the last token.</summary>
    public static PublishedTable Gains(PublishedStudy study)
    {
        (string Name, string Type, Func<StudyModel, StudyReading, object?> Value)[] columns =
        [
            ("run", "VARCHAR", (_, _) => Run),
            ("model", "VARCHAR", (m, _) => m.Model),
            ("prompt", "VARCHAR", (_, r) => study.Prompts[r.Prompt].Name),
            ("prompt_index", "INTEGER", (_, r) => r.Prompt),
            ("category", "VARCHAR", (_, r) => study.Prompts[r.Prompt].Category),
            ("tokens", "INTEGER", Unknown),
            ("gain", "DOUBLE", (_, r) => r.Gain),
            ("gain_final_norm", "DOUBLE", Unknown),
            ("gain_penultimate", "DOUBLE", Unknown),
            ("entropy", "DOUBLE", (_, r) => r.Entropy),
            ("top_probability", "DOUBLE", (_, r) => r.TopProbability),
            ("top_margin", "DOUBLE", Unknown),
            ("top_piece", "VARCHAR", Unknown),
            ("r", "DOUBLE", Unknown),
            ("cos_theta", "DOUBLE", Unknown),
            ("align_attn", "DOUBLE", Unknown),
            ("align_mlp", "DOUBLE", Unknown),
            ("size_attn", "DOUBLE", Unknown),
            ("size_mlp", "DOUBLE", Unknown),
            ("cross_term", "DOUBLE", Unknown),
            ("attribution_attn", "DOUBLE", Unknown),
            ("attribution_mlp", "DOUBLE", Unknown),
        ];
        return new(
            [.. columns.Select(c => (c.Name, c.Type))],
            [.. study.Models.SelectMany(m => m.Readings.Select(r => columns.Select(c => c.Value(m, r)).ToArray()))]);
    }

    static object? Unknown(StudyModel model, StudyReading reading) => null;
}
