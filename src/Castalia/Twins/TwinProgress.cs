using Castalia.Forward;
using Castalia.Runs;
using Castalia.Training;

namespace Castalia.Twins;

/// <summary>Where the training of one network reports.</summary>
/// <param name="Step">Told of every step.</param>
/// <param name="Gains">Told of the gains at every checkpoint.</param>
/// <param name="Done">Told when nothing more comes.</param>
sealed record TrainingSink(Action<TrainingStep> Step, Action<GainProfile> Gains, Action Done);

/// <summary>Where a study reports; from any thread.</summary>
/// <param name="Training">Begins a network's training.</param>
/// <param name="Measuring">Begins to measure a network.</param>
/// <param name="Hashing">Begins to write a run.</param>
/// <param name="Say">Told what is being done.</param>
sealed record TwinProgress(
    Func<string, TrainingOptions, TrainingSink> Training, Func<string, IProgress<MeasureProgress>> Measuring, Func<string, IProgress<HashProgress>> Hashing, Action<string> Say);
