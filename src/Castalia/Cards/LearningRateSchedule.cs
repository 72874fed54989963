namespace Castalia.Cards;

/// <summary>Shape of a learning rate's fall.</summary>
enum DecayShape
{
    /// <summary>Half a cosine.</summary>
    Cosine,
    /// <summary>A straight line.</summary>
    Linear,
    /// <summary>None.</summary>
    Constant,
}

/// <summary>A learning rate over steps: a linear rise from 0, a fall, and a floor below which it does not go.</summary>
/// <remarks>
/// With x = (step − W) / D, at most 1: aim + (peak − aim)·(1 + cos πx)/2 or aim + (peak − aim)·(1 − x), and never less than the floor. A fall aimed at 0 that is cut off by a
/// floor at a tenth of the peak is therefore not a fall that ends at a tenth: it is flat before its end.
/// </remarks>
/// <param name="Peak">Highest rate.</param>
/// <param name="WarmupSteps">Steps W of the rise.</param>
/// <param name="Shape">Shape of the fall.</param>
/// <param name="DecaySteps">Steps D over which it runs, counted from the end of the rise; above 0 unless constant.</param>
/// <param name="Aim">Rate at its end.</param>
/// <param name="Floor">Rate below which it does not fall.</param>
sealed record LearningRateSchedule(double Peak, double WarmupSteps, DecayShape Shape, double DecaySteps, double Aim, double Floor)
{
    /// <summary>The rate at a step, from 0.</summary>
    public double At(double step)
    {
        if (step < WarmupSteps) return Peak * step / WarmupSteps;
        if (Shape == DecayShape.Constant) return Peak;
        return Math.Max(Falling(Math.Min((step - WarmupSteps) / DecaySteps, 1)), Floor);
    }

    /// <summary>Step from which the rate stays as it is.</summary>
    public double FlatFrom => Shape == DecayShape.Constant ? WarmupSteps : WarmupSteps + FlatShare * DecaySteps;

    /// <summary>∫ rate d(step) from 0 to so many steps, in closed form.</summary>
    public double Integral(double steps)
    {
        double rise = Math.Min(steps, WarmupSteps);
        double area = WarmupSteps > 0 ? Peak * rise * rise / (2 * WarmupSteps) : 0;
        double after = steps - rise;
        if (after <= 0) return area;
        if (Shape == DecayShape.Constant) return area + Peak * after;
        double x = Math.Min(after / DecaySteps, FlatShare);
        double shape = Shape == DecayShape.Cosine ? (x + Math.Sin(Math.PI * x) / Math.PI) / 2 : x - x * x / 2;
        double flat = Math.Max(after - x * DecaySteps, 0);
        return area + DecaySteps * (Aim * x + (Peak - Aim) * shape) + Math.Max(Aim, Floor) * flat;
    }

    /// <summary>Share of the fall that is over when the floor is reached.</summary>
    double FlatShare
    {
        get
        {
            if (Floor <= Aim || Peak == Aim) return 1;
            double left = (Floor - Aim) / (Peak - Aim);
            return Shape == DecayShape.Cosine ? Math.Acos(2 * left - 1) / Math.PI : 1 - left;
        }
    }

    double Falling(double x) => Aim + (Peak - Aim) * (Shape == DecayShape.Cosine ? (1 + Math.Cos(Math.PI * x)) / 2 : 1 - x);
}
