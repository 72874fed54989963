using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Derivatives;
using Castalia.Errors;
using Castalia.Kernels;
using Castalia.Prompts;

namespace Castalia.Training;

/// <summary>What a step of training showed.</summary>
/// <param name="Step">Which, from 1.</param>
/// <param name="Loss">Mean cross-entropy of the batch before the step, nats.</param>
/// <param name="Entropy">The least it could be, nats; null where nobody knows.</param>
/// <param name="GradientNorm">Length of the gradient over all tensors that are trained, before clipping.</param>
/// <param name="Rate">Learning rate.</param>
readonly record struct TrainingStep(int Step, double Loss, double? Entropy, double GradientNorm, double Rate);

/// <summary>Takes one network from step to step.</summary>
/// <remarks>The same bits with any number of threads: elements are updated alone, and the gradient's length is summed in float64 over pieces in their order.</remarks>
sealed class Trainer : IDisposable
{
    const int Piece = 1 << 14; // elements

    readonly ParameterSet _parameters;
    readonly ModelGradient _gradient;
    readonly TrainingOptions _options;
    readonly ITrainingTexts _texts;
    readonly string _place;
    readonly ParallelOptions _parallel;
    readonly (TrainedTensor Of, int From, int Count)[] _pieces;
    readonly double[] _squares;

    /// <param name="parameters">The network as it is; changed by every step, not disposed of.</param>
    /// <param name="heldAtZero">Biases that stay as they are.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="texts">What on.</param>
    /// <param name="place">The network's name, for messages.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="cancellation">Stops within a step, which is then not taken.</param>
    /// <exception cref="InputException">As ModelGradient.</exception>
    public Trainer(ParameterSet parameters, IReadOnlySet<WeightRole> heldAtZero, TrainingOptions options, ITrainingTexts texts, string place, int threads, CancellationToken cancellation)
    {
        (_parameters, _options, _texts, _place) = (parameters, options, texts, place);
        _gradient = new(parameters, threads, cancellation);
        _parallel = new() { MaxDegreeOfParallelism = threads };
        Tensors = TrainedTensor.Of(parameters, heldAtZero, options);
        _pieces =
        [
            .. from tensor in Tensors
               where !tensor.IsHeld
               from i in Enumerable.Range(0, (int)((tensor.Tensor.Count + Piece - 1) / Piece))
               select (tensor, i * Piece, (int)Math.Min(Piece, tensor.Tensor.Count - i * (long)Piece)),
        ];
        _squares = new double[_pieces.Length];
    }

    /// <summary>Steps taken.</summary>
    public int Step { get; internal set; }

    /// <summary>The tensors, with what AdamW remembers.</summary>
    internal IReadOnlyList<TrainedTensor> Tensors { get; }

    /// <summary>Takes a step.</summary>
    /// <exception cref="InputException">The run diverges: a loss or a gradient that is no finite number.</exception>
    public TrainingStep Take()
    {
        int step = Step + 1;
        var (batch, entropy) = Batch(Step);
        double loss = Loss(batch, step), norm = Norm(step), rate = _options.Rate.At(step);
        double scale = _options.Clip is { } clip ? Math.Min(1, clip / (norm + 1e-6)) : 1; // torch.nn.utils.clip_grad_norm_
        var (beta1, beta2, epsilon, decay) = (_options.AdamW.Beta1, _options.AdamW.Beta2, _options.AdamW.Epsilon, _options.AdamW.DecayAt(step, _options.Steps));
        Parallel.For(0, _pieces.Length, _parallel, i =>
        {
            var (of, from, count) = _pieces[i];
            var scalars = AdamW.Scalars.Of(step, rate, beta1, beta2, epsilon, of.Decays ? decay : 0, scale, of.Multiplicity);
            AdamW.Step(scalars, _parameters[of.Tensor].Slice(from, count), _gradient[of.Tensor].Slice(from, count), of.Means.AsSpan(from, count), of.Squares.AsSpan(from, count));
        });
        Step = step;
        return new(step, loss, entropy, norm, rate);
    }

    (TokenizedPrompt[] Batch, double? Entropy) Batch(int step)
    {
        var batch = new TokenizedPrompt[_options.Batch];
        double? entropy = 0;
        for (int i = 0; i < batch.Length; i++)
        {
            entropy += _texts.Text((long)step * batch.Length + i, out int[] ids);
            var prompt = new Prompt { Name = FormattableString.Invariant($"{i + 1} of step {step + 1}"), Ids = ids, Place = _place };
            batch[i] = new(prompt, ids, 0, 0);
        }
        return (batch, entropy / batch.Length);
    }

    double Loss(TokenizedPrompt[] batch, int step)
    {
        try
        {
            return _gradient.Take(batch, _options.ZTerm);
        }
        catch (InputException e) when (step > 1) // a loss that is no number
        {
            var (tensor, value) = Largest();
            throw TrainingErrors.Diverged(_place, step, "weight of largest size", tensor, value, e);
        }
    }

    double Norm(int step)
    {
        Parallel.For(0, _pieces.Length, _parallel, i =>
        {
            var piece = _gradient[_pieces[i].Of.Tensor].Slice(_pieces[i].From, _pieces[i].Count);
            _squares[i] = DoubleSum.OfProducts(piece, piece);
        });
        double sum = 0;
        for (int i = 0; i < _squares.Length; i++)
        {
            sum += _squares[i];
            if (double.IsFinite(_squares[i])) continue;
            foreach (float value in _gradient[_pieces[i].Of.Tensor].Slice(_pieces[i].From, _pieces[i].Count))
                if (!float.IsFinite(value)) throw TrainingErrors.Diverged(_place, step, "gradient", _pieces[i].Of.Tensor.Name, value, null);
        }
        return Math.Sqrt(sum);
    }

    (string Tensor, float Value) Largest()
    {
        (string Tensor, float Value) largest = ("", 0);
        foreach (var tensor in _parameters.Tensors)
            foreach (float value in _parameters[tensor])
                if (!float.IsFinite(value)) return (tensor.Name, value);
                else if (Math.Abs(value) > Math.Abs(largest.Value)) largest = (tensor.Name, value);
        return largest;
    }

    /// <inheritdoc/>
    public void Dispose() => _gradient.Dispose();
}
