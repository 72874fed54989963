using static Castalia.Cards.FieldKind;

namespace Castalia.Cards;

/// <summary>Every field that a card may have.</summary>
static class CardFields
{
    /// <summary>All, in the order in which they are printed.</summary>
    public static IReadOnlyList<CardField> All { get; } =
    [
        .. Section("data",
            ("corpus", Text, "", "What it was trained on, by the makers' name."),
            ("corpus_deduplicated", Flag, "", "Near copies were taken out of the corpus."),
            ("corpus_tokens", Count, "tokens", "Tokens in one pass of the corpus."),
            ("tokens", Count, "tokens", "Tokens seen in training, repetitions counted."),
            ("epochs", Number, "", "Passes of the corpus."),
            ("data_order", Text, "", "How the order of the sequences was fixed."),
            ("seed", Count, "", "Seed of weights and order."),
            ("tokenizer", Text, "", "Tokenizer.")),
        .. Section("optimisation",
            ("optimiser", Text, "", "Optimiser."),
            ("beta1", Number, "", "Decay of the mean of gradients."),
            ("beta2", Number, "", "Decay of the mean of their squares."),
            ("epsilon", Number, "", "What is added to the root of the latter."),
            ("peak_learning_rate", Number, "", "Highest learning rate."),
            ("warmup_steps", Count, "steps", "Steps of its linear rise from 0."),
            ("decay_shape", Word, "", "Shape of its fall."),
            ("decay_steps", Count, "steps", "Steps over which that shape runs, after the rise."),
            ("decay_aim", Number, "", "Learning rate at the end of that shape."),
            ("learning_rate_floor", Number, "", "Learning rate below which it does not fall."),
            ("flat_from_step", Number, "steps", "Step from which it stays as it is."),
            ("final_learning_rate", Number, "", "Learning rate at the last step."),
            ("steps", Count, "steps", "Steps of the optimiser to the published weights."),
            ("batch_tokens", Count, "tokens", "Tokens of one step."),
            ("sequence_length", Count, "tokens", "Tokens of one training sequence."),
            ("weight_decay", Number, "", "Weight decay."),
            ("weight_decay_excludes", Text, "", "Parameters that do not decay."),
            ("decay_e_folds", Number, "", "∫ weight decay · learning rate over the steps: by how many factors of e a weight without gradient would shrink."),
            ("surviving_initialisation", Number, "", "e to the minus that: the share of its first value that decay alone leaves of a weight."),
            ("gradient_clipping", Number, "", "Largest global norm of a gradient."),
            ("dropout", Number, "", "Dropout."),
            ("loss", Text, "", "What was minimised."),
            ("confidence_penalty", Number, "", "Factor of a term in the loss on how sure the output is.")),
        .. Section("precision",
            ("precision", Text, "", "Type of the arithmetic in training."),
            ("master_precision", Text, "", "Type of the weights that the optimiser kept."),
            ("loss_scaling", Text, "", "How small gradients were kept from vanishing."),
            ("attention_kernel", Text, "", "How attention was computed in training.")),
        .. Section("initialisation",
            ("init_embedding", Initialisation, "", "Rule of the embedding."),
            ("init_input", Initialisation, "", "Rule of what reads the stream: queries, keys, values, first matrix of the MLP."),
            ("init_output", Initialisation, "", "Rule of what writes to the stream: last matrix of attention and MLP."),
            ("init_std_embedding", Number, "", "Standard deviation that rule gives."),
            ("init_std_input", Number, "", "Standard deviation that rule gives."),
            ("init_std_output", Number, "", "Standard deviation that rule gives."),
            ("init_error", Text, "", "What went wrong with it.")),
        .. Section("parallelism",
            ("tensor_parallelism", Count, "", "Devices over which one matrix was split in training."),
            ("output_bias_copies", Count, "", "Copies of an output bias that training added up, each trained by itself; published weights hold their sum."),
            ("hardware", Text, "", "Devices.")),
        .. Section("release",
            ("licence", Text, "", "Licence of the weights."),
            ("revisions", Text, "", "Published checkpoints."),
            ("revision_defects", List, "", "Published checkpoints that are not what their names say.")),
        .. Section("architecture",
            ("family", Text, "", "model_type of its configuration."),
            ("code_base", Text, "", "Program that trained it."),
            ("parameters", Count, "", "Parameters, tied ones once."),
            ("n_layers", Count, "", "Blocks."),
            ("d_model", Count, "", "Width of the residual stream."),
            ("n_heads", Count, "", "Attention heads."),
            ("n_kv_heads", Count, "", "Key and value heads."),
            ("head_dim", Count, "", "Width of a head."),
            ("d_ff", Count, "", "Inner width of the MLP."),
            ("d_vocab", Count, "", "Rows of the embedding, padding counted."),
            ("vocabulary", Count, "", "Tokens of the tokenizer."),
            ("vocabulary_padding", Count, "", "Rows of the embedding that no token has."),
            ("n_ctx", Count, "tokens", "Context."),
            ("wiring", Word, "", "How attention and MLP stand to each other."),
            ("norm", Word, "", "Norm."),
            ("norms_per_block", Count, "", "Norms of a block."),
            ("norm_epsilon", Number, "", "Epsilon of the norms."),
            ("norm_weight_plus_one", Flag, "", "One is added to the stored norm weight."),
            ("positions", Text, "", "How positions enter."),
            ("rotary_fraction", Number, "", "Share of a head that is turned by position."),
            ("rotary_pairing", Word, "", "Which dimensions turn together."),
            ("rotary_base", Number, "", "Base of the angles."),
            ("mlp", Word, "", "Kind of MLP."),
            ("activation_stated", Text, "", "Activation that the published configuration states."),
            ("activation_trained", Text, "", "Activation it was trained with."),
            ("qkv_bias", Flag, "", "Queries, keys and values have a bias."),
            ("attn_out_bias", Flag, "", "Attention's output has a bias."),
            ("mlp_bias", Flag, "", "The MLP has biases."),
            ("tied_unembedding", Flag, "", "The embedding serves as unembedding."),
            ("unembedding_bias", Flag, "", "The unembedding has a bias."),
            ("embedding_scale", Text, "", "Factor of the token embedding."),
            ("embedding_bias", Flag, "", "A learned vector was added to every embedding."),
            ("bos", Text, "", "What the published tokenizer puts before a text."),
            ("stored_precision", Text, "", "Type of the published weights.")),
    ];

    static readonly Dictionary<string, CardField> s_byKey = All.ToDictionary(field => field.Key, StringComparer.Ordinal);

    /// <summary>The field of a key; null where there is none.</summary>
    public static CardField? Find(string key) => s_byKey.GetValueOrDefault(key);

    /// <summary>The field of a key that there is.</summary>
    internal static CardField Of(string key) => s_byKey[key];

    static IEnumerable<CardField> Section(string section, params (string Key, FieldKind Kind, string Unit, string Description)[] fields) =>
        fields.Select(f => new CardField(f.Key, section, f.Kind, f.Unit, f.Description) { Known = Words(f.Key), IsComputed = ComputedFields.Keys.Contains(f.Key) });

    static string[] Words(string key) => key switch
    {
        "decay_shape" => ["cosine", "linear", "constant"],
        "wiring" => ["sequential", "parallel"],
        "norm" => ["LayerNorm", "RMSNorm"],
        "rotary_pairing" => ["half-split", "adjacent"],
        "mlp" => ["plain", "gated"],
        _ => [],
    };
}
