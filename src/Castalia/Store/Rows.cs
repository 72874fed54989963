using Castalia.Checkpoints;
using Castalia.Prompts;

namespace Castalia.Store;

/// <summary>A row of the view gains: the last block at the last token of one prompt. Undefined figures are null.</summary>
/// <param name="Run">Name of the run.</param>
/// <param name="Model">Name of the model, unique in its run.</param>
/// <param name="Prompt">Name of the prompt.</param>
/// <param name="PromptIndex">Index of the prompt in the run, from 0.</param>
/// <param name="Category">Its category; null where it has none.</param>
/// <param name="Tokens">Tokens fed, special tokens included.</param>
/// <param name="Gain">‖h_L‖/‖h_{L−1}‖.</param>
/// <param name="GainFinalNorm">‖n‖/‖h_{L−1}‖.</param>
/// <param name="GainPenultimate">‖h_{L−1}‖/‖h_{L−2}‖.</param>
/// <param name="Entropy">Output entropy; nats.</param>
/// <param name="TopProbability">Probability of the likeliest token.</param>
/// <param name="TopMargin">Largest minus second largest logit; nats.</param>
/// <param name="TopPiece">The likeliest token.</param>
/// <param name="R">‖Δ‖/‖h_{L−1}‖.</param>
/// <param name="CosTheta">Cosine between Δ and h_{L−1}.</param>
/// <param name="AlignAttn">⟨attn_out, h⟩/‖h‖².</param>
/// <param name="AlignMlp">⟨mlp_out, h⟩/‖h‖².</param>
/// <param name="SizeAttn">‖attn_out‖²/‖h‖².</param>
/// <param name="SizeMlp">‖mlp_out‖²/‖h‖².</param>
/// <param name="CrossTerm">2⟨attn_out, mlp_out⟩/‖h‖².</param>
/// <param name="AttributionAttn">Attention's part of gain² − 1.</param>
/// <param name="AttributionMlp">The MLP's part of gain² − 1.</param>
sealed record GainRow(
    string Run, string Model, string Prompt, int PromptIndex, string? Category, int Tokens,
    double? Gain, double? GainFinalNorm, double? GainPenultimate, double? Entropy, double? TopProbability, double? TopMargin, string? TopPiece,
    double? R, double? CosTheta, double? AlignAttn, double? AlignMlp, double? SizeAttn, double? SizeMlp, double? CrossTerm,
    double? AttributionAttn, double? AttributionMlp);

/// <summary>Of a row of the view gains what tables of gains are made of. Undefined figures are null.</summary>
/// <param name="Run">Name of the run.</param>
/// <param name="Model">Name of the model, unique in its run.</param>
/// <param name="PromptIndex">Index of the prompt in the run, from 0.</param>
/// <param name="Gain">‖h_L‖/‖h_{L−1}‖.</param>
/// <param name="Entropy">Output entropy; nats.</param>
/// <param name="AlignAttn">⟨attn_out, h⟩/‖h‖².</param>
/// <param name="AlignMlp">⟨mlp_out, h⟩/‖h‖².</param>
sealed record GainFigures(string Run, string Model, int PromptIndex, double? Gain, double? Entropy, double? AlignAttn, double? AlignMlp);

/// <summary>A row of the view positions: the last block at one position of one prompt.</summary>
/// <param name="Position">Index of the position, from 0.</param>
/// <param name="Token">Id of the token there.</param>
/// <param name="Piece">That token as the vocabulary spells it; null without a tokenizer.</param>
/// <param name="At">The figures there.</param>
sealed record PositionRow(int Position, int Token, string? Piece, GainRow At);

/// <summary>A row of the view blocks: one block of one model, means over prompts of those where the figure is defined.</summary>
/// <param name="Run">Name of the run.</param>
/// <param name="Model">Name of the model, unique in its run.</param>
/// <param name="Layer">Index of the block, from 0.</param>
/// <param name="NLayers">Blocks of the model.</param>
/// <param name="Prompts">Prompts of the model.</param>
/// <param name="Gain">Mean gain at the last token.</param>
/// <param name="SubmoduleGainAttn">Mean submodule gain of attention.</param>
/// <param name="SubmoduleGainMlp">Mean submodule gain of the MLP.</param>
sealed record BlockRow(
    string Run, string Model, int Layer, int NLayers, long Prompts, double? Gain, double? SubmoduleGainAttn, double? SubmoduleGainMlp);

/// <summary>A row of the view models.</summary>
/// <param name="Run">Name of the run.</param>
/// <param name="Model">Name of the model, unique in its run.</param>
/// <param name="Path">Path of the checkpoint when it was measured.</param>
/// <param name="Format">Its container.</param>
/// <param name="Parameters">Weights, counted from the checkpoint's tensors.</param>
/// <param name="Sha256">Of the weights; null without files.</param>
/// <param name="PromptsSha256">Equal where the prompts are the same.</param>
/// <param name="Fields">Every column by name, in order: string, bool, long, double, a list (object?[]) or null.</param>
sealed record ModelRow(
    string Run, string Model, string Path, string Format, long Parameters, string? Sha256, string PromptsSha256, IReadOnlyDictionary<string, object?> Fields)
{
    /// <summary>A field that is a number; null where it is none or undefined.</summary>
    public double? Number(string field) => Fields.GetValueOrDefault(field) switch
    {
        long whole => whole,
        double real when double.IsFinite(real) => real,
        _ => null,
    };

    /// <summary>A field that is a text; null where it is none.</summary>
    public string? Text(string field) => Fields.GetValueOrDefault(field) as string;
}
