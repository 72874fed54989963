using Castalia.Checkpoints;
using Castalia.Derivatives;

namespace Castalia;

/// <summary>The mean cross-entropy of next tokens, and its gradient by every stored tensor.</summary>
/// <remarks>Activations and weights are float32, sums run in one order: figures depend on neither threads nor vector width, to the bit.</remarks>
/// <example>
/// <code>
/// using LossGradient gradient = model.Gradient();
/// double nats = gradient.Take(model.Tokenise("the cat sat"), model.Tokenise("a dog ran"));
/// Show(nats, gradient.WeightNames[0], gradient.Shape(gradient.WeightNames[0]), gradient[gradient.WeightNames[0]][0]);
/// </code>
/// </example>
public sealed class LossGradient : IDisposable
{
    readonly LanguageModel _model;
    readonly ModelGradient _gradient;
    readonly Dictionary<string, Tensor> _tensors;
    bool _isTaken, _isDisposed;

    internal LossGradient(LanguageModel model, ModelGradient gradient)
    {
        (_model, _gradient) = (model, gradient);
        _tensors = gradient.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>Names of the stored tensors, a tied one once.</summary>
    public IReadOnlyList<string> WeightNames => [.. _tensors.Keys];

    /// <summary>Lengths of a tensor's axes as stored, outermost first.</summary>
    /// <exception cref="InputException">There is no such tensor.</exception>
    public IReadOnlyList<long> Shape(string name) => Find(name).Shape;

    /// <summary>Runs sequences forwards and backwards; of each every token but the first is predicted.</summary>
    /// <returns>The mean of −ln p over all predictions; nats.</returns>
    /// <exception cref="InputException">Nothing is predicted, since every sequence is one token long; as <see cref="LanguageModel.Measure"/>.</exception>
    public double Take(params ReadOnlySpan<TokenSequence> sequences)
    {
        using var use = _model.Use();
        if (_isDisposed) throw Misuse.GivenBack(nameof(LossGradient));
        _isTaken = false;
        double loss = _gradient.Take(TokenSequence.Fed(sequences));
        _isTaken = true;
        return loss;
    }

    /// <summary>The gradient of the last call of <see cref="Take"/> by a tensor, its values in the order they are stored in; overwritten by the next call, and gone after <see cref="Dispose"/>.</summary>
    /// <exception cref="InputException">There is no such tensor.</exception>
    /// <exception cref="InvalidOperationException">None has been taken.</exception>
    /// <exception cref="ObjectDisposedException">Its memory has been given back.</exception>
    public ReadOnlySpan<float> this[string name] =>
        _isDisposed ? throw Misuse.GivenBack(nameof(LossGradient)) : _isTaken ? _gradient[Find(name)] : throw Misuse.NotTaken();

    Tensor Find(string name) => _tensors.TryGetValue(name, out var tensor) ? tensor : throw Misuse.NoSuchTensor(name, _model.Path, _tensors.Keys);

    /// <summary>Gives its memory back.</summary>
    /// <example><code>model.Gradient().Dispose();</code></example>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _gradient.Dispose();
    }
}
