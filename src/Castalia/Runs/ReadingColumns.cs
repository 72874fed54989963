using Castalia.Residual;

namespace Castalia.Runs;

/// <summary>The columns of readings.parquet: the schema, its documentation and where each value comes from, in one list.</summary>
static class ReadingColumns
{
    const string OnePosition = "null under rules over several positions";

    public static IReadOnlyList<RunColumn<ReadingRow>> All { get; } =
    [
        Text("model", "Short name of the model, unique in the run; the manifest has its path and hashes.", r => r.Source.Model),
        Text("prompt", "Name of the prompt.", r => r.Prompt.Prompt.Name),
        Integer("prompt_index", "Index of the prompt in the run, from 0.", r => r.PromptIndex),
        Text("category", "Category of the prompt; null where it has none.", r => r.Prompt.Prompt.Category),
        Integer("tokens", "Tokens fed, special tokens included.", r => r.Readings.Tokens),
        Integer("layer", "Index of the block, from 0.", r => r.Layer),
        Integer("n_layers", "Blocks of the model.", r => r.Readings.Blocks.Length),
        Text("position_rule", "Over which positions the row was read: last, first, mean-of-ratios, ratio-of-means, mean-of-ratios-without-first, ratio-of-means-without-first; or position, for a row of one position (--positions all).",
            r => r.Rule is { } rule ? GoldenNames.Of(rule) : "position"),
        Integer("position", $"Index of the position, from 0; {OnePosition}.", r => r.Position),
        Integer("token", $"Id of the token at that position; {OnePosition}.", r => r.Token),
        Text("piece", "That token as the vocabulary spells it; null without a tokenizer.", r => r.Token is { } id ? Piece(r, id) : null),
        .. GainColumns("gain", ReferencePoint.Block, "‖resid_post‖/‖resid_pre‖ of the block under the row's rule"),
        .. GainColumns("gain_final_norm", ReferencePoint.FinalNorm, "‖output of the final norm‖/‖resid_pre‖ of the last block; last layer only"),
        .. GainColumns("gain_penultimate", ReferencePoint.Penultimate, "Gain of the block before the last; last layer only, null with one block"),
        .. GoldenNames.Norms.Select(site => Norm($"norm_{site.Site}", $"‖{site.Site}‖" + site.Site switch
            {
                "resid_mid" => "; null in parallel blocks",
                "mlp_post" => "; null in mixtures of experts, which have one for each expert",
                _ => "",
            },
            (readings, layer, t) => site.Norm(in readings.Blocks[layer][t]))),
        Norm("norm_delta", "‖attn_out + mlp_out‖", (readings, layer, t) => readings.Blocks[layer][t].NormDelta),
        Ratio("r", "‖Δ‖/‖resid_pre‖, Δ = attn_out + mlp_out", (in b) => b.R),
        Ratio("cos_theta", "Cosine of the angle between Δ and resid_pre; the block dampens if and only if it is below −r/2", (in b) => b.CosTheta),
        Ratio("align_attn", "⟨attn_out, resid_pre⟩/‖resid_pre‖²", (in b) => b.AlignAttn),
        Ratio("align_mlp", "⟨mlp_out, resid_pre⟩/‖resid_pre‖²", (in b) => b.AlignMlp),
        Ratio("size_attn", "‖attn_out‖²/‖resid_pre‖²", (in b) => b.SizeAttn),
        Ratio("size_mlp", "‖mlp_out‖²/‖resid_pre‖²", (in b) => b.SizeMlp),
        Ratio("cross_term", "2⟨attn_out, mlp_out⟩/‖resid_pre‖²", (in b) => b.Cross),
        Ratio("closure", "Relative error of G² = 1 + 2(align_attn + align_mlp) + size_attn + size_mlp + cross_term; at most 1e-9", (in b) => b.Closure),
        Real("submodule_gain_attn", "", "Mean ‖attn_out‖ over all tokens / mean ‖attn_in‖ over all tokens; in rows of rule ratio-of-means only",
            r => r.Rule == PositionRule.RatioOfMeans ? Gains.Attention(r.Readings, r.Layer) : null),
        Real("submodule_gain_mlp", "", "Mean ‖mlp_out‖ over all tokens / mean ‖mlp_in‖ over all tokens; in rows of rule ratio-of-means only",
            r => r.Rule == PositionRule.RatioOfMeans ? Gains.Mlp(r.Readings, r.Layer) : null),
        Norm("final_norm", "‖output of the final norm‖; last layer only", (readings, layer, t) =>
            layer == readings.Blocks.Length - 1 ? readings.FinalNorm[t] : double.NaN),
        .. OutputColumns("", "softmax of the logits", "rules last and position of the last layer", r => r.Output),
        Real("true_entropy", "nats", "Entropy of the true distribution of the token that follows the prompt, where the prompts' file states it; in rows of rule last of the last layer",
            r => r.IsLastLayer && r.Rule == PositionRule.Last ? r.Prompt.Prompt.TrueEntropy : null) with { CameLater = true },
        .. OutputColumns("lens_", "softmax of the final norm and unembedding applied to resid_post", "rules last and position, with --logit-lens", r => r.Lens),
    ];

    static RunColumn<ReadingRow> Text(string name, string description, Func<ReadingRow, string?> value) => new(name, "VARCHAR", "", description, value);

    static RunColumn<ReadingRow> Integer(string name, string description, Func<ReadingRow, int?> value) => new(name, "INTEGER", "", description, r => value(r)) { Whole = value };

    /// <summary>A real column; NaN and infinity, which stand for undefined, are null.</summary>
    static RunColumn<ReadingRow> Real(string name, string unit, string description, Func<ReadingRow, double?> value)
    {
        return new(name, "DOUBLE", unit, $"{description}.", r => Finite(r)) { Number = Finite };

        double? Finite(ReadingRow row) => value(row) is { } v && double.IsFinite(v) ? v : null;
    }

    static RunColumn<ReadingRow> Ratio(string name, string description, OfBlock value) =>
        Real(name, "", $"{description}; {OnePosition}", r => r.At(value));

    static RunColumn<ReadingRow> Norm(string name, string description, Func<PromptReadings, int, int, double> norm) =>
        Real(name, "activation", $"{description}; the mean over its positions under ratio-of-means rules, null under mean-of-ratios rules",
            r => r.Norm(norm));

    static IEnumerable<RunColumn<ReadingRow>> GainColumns(string name, ReferencePoint point, string description) =>
    [
        Real(name, "", description, r => r.Gain(point, NormPrecision.Float32)),
        Real($"{name}_bfloat16", "", $"{name} with each norm rounded to bfloat16 first", r => r.Gain(point, NormPrecision.BFloat16)),
        Real($"{name}_float16", "", $"{name} with each norm rounded to binary16 first; null above 65504", r => r.Gain(point, NormPrecision.Float16)),
    ];

    static IEnumerable<RunColumn<ReadingRow>> OutputColumns(string prefix, string of, string rows, Func<ReadingRow, OutputReading?> output) =>
    [
        Real($"{prefix}entropy", "nats", $"Entropy of {of}, padded vocabulary rows left out; in rows of {rows}", r => output(r)?.EntropyNats),
        Integer($"{prefix}top_token", $"Id of the largest logit there, the smallest id on a tie; {rows}.", r => output(r)?.TopToken),
        Text($"{prefix}top_piece", $"That token as the vocabulary spells it; {rows}.", r => output(r) is { } o ? Piece(r, o.TopToken) : null),
        Real($"{prefix}top_probability", "", $"Its probability; {rows}", r => output(r)?.TopProbability),
        Real($"{prefix}top_margin", "nats", $"Largest minus second largest logit there; {rows}", r => output(r)?.TopMarginNats),
        Real($"{prefix}loss", "nats", $"−ln of the probability there of the token that is fed next; null at a prompt's last position and in runs of versions before this column; {rows}",
            r => output(r)?.LossNats) with { CameLater = true },
    ];

    /// <summary>A token's piece; ids that the tokenizer does not have (padding, gaps) have none.</summary>
    static string? Piece(ReadingRow row, int id) => row.Source.Tokenizer?.FindPiece(id);
}
