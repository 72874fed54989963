using System.Text.Json.Nodes;
using Castalia.Cards;

namespace Castalia.Anatomy;

/// <summary>The config that the architecture on a card makes, so that a published model can be compared without a file at hand.</summary>
/// <remarks>
/// Of the families whose configs say no more than cards do, GPT-NeoX and GPT-2; keys are those of the hub's configs, so that the ordinary reader reads them.
/// The id that ends a text is on no card: 0 in EleutherAI/pythia, utils/20B_tokenizer.json; 50256 in GPT-2's vocabulary.
/// </remarks>
static class CardConfigs
{
    /// <summary>The cards of which there is one.</summary>
    public static IEnumerable<Card> Known => ModelCards.BuiltIn.Where(card => Of(card) is not null);

    /// <summary>The facts of a card's model, under its title; null where its family is another or a field that they need is unknown.</summary>
    public static AnatomyFacts? Facts(Card card) => Of(card) is { } config && card.Number("vocabulary") is { } ids
        ? AnatomyFacts.Of(card.Title, ConfigOnly.Read(config, card.Model), (int)ids) : null;

    /// <summary>The config; null as above.</summary>
    internal static JsonObject? Of(Card card)
    {
        (string Key, JsonNode? Value)[] keys = card.Words("family") switch
        {
            "gpt_neox" =>
            [
                ("hidden_size", Count("d_model")), ("num_hidden_layers", Count("n_layers")), ("num_attention_heads", Count("n_heads")), ("intermediate_size", Count("d_ff")),
                ("vocab_size", Count("d_vocab")), ("max_position_embeddings", Count("n_ctx")), ("hidden_act", Activation()), ("layer_norm_eps", Real("norm_epsilon")),
                ("rotary_pct", Real("rotary_fraction")), ("rotary_emb_base", Count("rotary_base")), ("use_parallel_residual", Parallel()), ("attention_bias", Truth("qkv_bias")),
                ("tie_word_embeddings", Truth("tied_unembedding")), ("bos_token_id", 0L), ("eos_token_id", 0L), ("torch_dtype", card.Words("stored_precision")),
            ],
            "gpt2" =>
            [
                ("n_embd", Count("d_model")), ("n_layer", Count("n_layers")), ("n_head", Count("n_heads")), ("n_inner", Count("d_ff")), ("n_positions", Count("n_ctx")),
                ("vocab_size", Count("d_vocab")), ("activation_function", Activation()), ("layer_norm_epsilon", Real("norm_epsilon")), ("tie_word_embeddings", Truth("tied_unembedding")),
                ("bos_token_id", 50256L), ("eos_token_id", 50256L), ("torch_dtype", card.Words("stored_precision")),
            ],
            _ => [],
        };
        return keys.Length == 0 || keys.Any(key => key.Value is null) ? null
            : new([new("model_type", card.Words("family")), .. keys.Select(key => KeyValuePair.Create(key.Key, key.Value))]);

        JsonNode? Count(string field) => (long?)card.Number(field);
        JsonNode? Real(string field) => card.Number(field);
        JsonNode? Truth(string field) => (card.Of(field)?.Value as CardDatum.Truth)?.Value;
        JsonNode? Parallel() => card.Words("wiring") is { } wiring ? wiring == "parallel" : null;
        JsonNode? Activation() => card.Words("activation_stated") switch { "GELU of erf" => "gelu", "GELU of tanh" => "gelu_new", _ => null };
    }
}
